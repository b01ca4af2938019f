import { stat } from 'node:fs/promises'

/** Whether two paths lead to one file or folder, by a link of whatever kind; false where that cannot be told. */
export const isSamePlace = async (one: string, other: string): Promise<boolean> => {
  try {
    const [a, b] = await Promise.all([stat(one, { bigint: true }), stat(other, { bigint: true })])
    return a.dev === b.dev && a.ino === b.ino
  } catch {
    return false
  }
}
