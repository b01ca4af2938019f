import { mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { holdsMount } from '../../folders/mounts.ts'

/** Where hooks without a working folder have one of their own. */
const rootOf = (dataFolder: string) => join(dataFolder, 'hooks')

/** An empty folder for one run of a hook, in which nobody else may look. */
export const makeHookFolder = async (dataFolder: string, taskId: string): Promise<string> => {
  await mkdir(rootOf(dataFolder), { recursive: true, mode: 0o700 })
  return mkdtemp(join(await realpath(rootOf(dataFolder)), `${taskId}-`))
}

/** Removes it with all that is in it; gives why it could not, as the end of a sentence. */
export const removeHookFolder = async (folder: string): Promise<string | null> => {
  try {
    // Or what is in there would be removed too, wherever it comes from.
    if (await holdsMount(folder)) return 'something is mounted in it'
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    return null
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

/** Removes what a server that was killed has left. */
export const removeLeftHookFolders = async (dataFolder: string): Promise<void> => {
  const root = await realpath(rootOf(dataFolder)).catch(() => null)
  if (root === null) return
  for (const name of await readdir(root)) await removeHookFolder(join(root, name))
}
