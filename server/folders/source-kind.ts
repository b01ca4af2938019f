import { lstat } from 'node:fs/promises'

/**
 * What something is that cannot be backed up for what it holds, such as “a FIFO”: of all but folders and regular files borg
 * keeps the mere entry, and of a socket nothing. Null for a folder or a regular file, and for what cannot be looked at:
 * of that borg says why.
 */
export const specialKind = async (path: string): Promise<string | null> => {
  const status = await lstat(path).catch(() => null)
  if (status === null || status.isDirectory() || status.isFile()) return null
  if (status.isSymbolicLink()) return 'a symbolic link'
  if (status.isFIFO()) return 'a FIFO'
  if (status.isSocket()) return 'a socket'
  return status.isBlockDevice() ? 'a block device' : 'a character device'
}
