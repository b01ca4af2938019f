import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs'

/** The data folder cannot be used; the message says why. */
export class DataFolderUnusable extends Error {}

/** What shows that a folder is Borgitory's own. */
const ownFile = 'server.lock'

const reasonOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error))

/**
 * Makes the folder that holds everything, for its owner alone (0700). One that others may enter is closed to them only
 * where it is empty or Borgitory's own: anything else may be a folder of the system. Throws `DataFolderUnusable`.
 */
export const prepareDataFolder = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if ((statSync(folder).mode & 0o077) === 0) return
    const names = readdirSync(folder)
    if (names.length === 0 || names.includes(ownFile)) {
      chmodSync(folder, 0o700)
      return
    }
  } catch (error) {
    throw new DataFolderUnusable(
      `The data folder ${folder} cannot be used (${reasonOf(error)}). Set BORGITORY_DATA to another.`,
    )
  }
  throw new DataFolderUnusable(
    `The data folder ${folder} holds other things and is open to others. Set BORGITORY_DATA to a folder of its own.`,
  )
}
