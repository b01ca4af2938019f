import { lstat, stat } from 'node:fs/promises'

/** Whether something is a block device, or a link to one. */
export const isBlockDevice = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isBlockDevice() ?? false

/**
 * What something is that cannot be backed up for what it holds, such as “a FIFO”: of all but folders and regular files borg
 * keeps the mere entry, and of a socket nothing. Null for a folder or a regular file, and for what cannot be looked at:
 * of that borg says why. With `readsDevices` borg reads block devices, and follows links to them.
 */
export const specialKind = async (path: string, { readsDevices = false } = {}): Promise<string | null> => {
  if (readsDevices && (await isBlockDevice(path))) return null
  const status = await lstat(path).catch(() => null)
  if (status === null || status.isDirectory() || status.isFile()) return null
  if (status.isSymbolicLink()) return 'a symbolic link'
  if (status.isFIFO()) return 'a FIFO'
  if (status.isSocket()) return 'a socket'
  return status.isBlockDevice() ? 'a block device' : 'a character device'
}
