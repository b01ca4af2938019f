import { constants } from 'node:fs'
import { access, lstat } from 'node:fs/promises'

/** What is said of what may not be read, in the words of the system. */
export const notReadable = '[Errno 13] Permission denied'

const isLink = (path: string) =>
  lstat(path).then(
    (status) => status.isSymbolicLink(),
    () => true,
  )

/**
 * Whether something may not be read, so that a backup cannot take it along as a whole. A link may, whatever it leads to:
 * borg keeps it as such. What is gone meanwhile is nobody's problem.
 */
export const isClosed = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.R_OK)
    return false
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return (code === 'EACCES' || code === 'EPERM') && !(await isLink(path))
  }
}
