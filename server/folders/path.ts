import { realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize, relative } from 'node:path'
import { z } from 'zod'

/** An absolute path on the server's machine, normalised, without a slash at its end. */
export const absolutePath = z
  .string()
  .max(4096, 'is longer than 4096 characters')
  .refine((path) => isAbsolute(path), 'must be an absolute path, beginning with /')
  .refine((path) => !path.includes('\0'), 'must not contain NUL')
  .refine((path) => path.isWellFormed(), 'must be valid Unicode')
  .transform((path) => normalize(path).replace(/(?<=.)\/+$/, ''))

/** Whether `path` is `folder` or something inside it; both absolute and resolved. */
export const isInside = (path: string, folder: string): boolean => {
  const from = relative(folder, path)
  return from !== '..' && !from.startsWith('../') && !isAbsolute(from)
}

/** Where a path really leads, symbolic links followed, also where its end does not exist yet. */
export const resolvePath = async (path: string): Promise<string> => {
  try {
    return await realpath(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(await resolvePath(parent), path.slice(parent.length))
  }
}
