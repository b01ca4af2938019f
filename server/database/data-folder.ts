import { chmodSync, readdirSync, statSync } from 'node:fs'
import { systemReason } from './errors.ts'
import { ensurePrivateFolder } from './private-file.ts'

/** The data folder cannot be used; the message says why. */
export class DataFolderUnusable extends Error {}

/** What shows that a folder is Borgitory's own. */
const ownFile = 'server.lock'

/**
 * Makes the folder that holds everything, for its owner alone (0700). One that others may enter is closed to them only
 * where it is empty or Borgitory's own: anything else may be a folder of the system. Throws `DataFolderUnusable`.
 */
export const prepareDataFolder = (folder: string): void => {
  try {
    ensurePrivateFolder(folder)
    if ((statSync(folder).mode & 0o077) === 0) return
    const names = readdirSync(folder)
    if (names.length === 0 || names.includes(ownFile)) {
      chmodSync(folder, 0o700)
      return
    }
  } catch (error) {
    throw new DataFolderUnusable(
      `The data folder ${folder} cannot be used: ${systemReason(error)}. Set BORGITORY_DATA to another.`,
    )
  }
  throw new DataFolderUnusable(
    `The data folder ${folder} holds other things and is open to others. Set BORGITORY_DATA to a folder of its own.`,
  )
}
