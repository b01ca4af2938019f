import { stat } from 'node:fs/promises'

/** Whether there is a folder at a path that may be looked at. */
export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  )
