import { readlink } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { isInside } from './path.ts'

/** Where the system shows its own state as if it were files: what is in there is none, and differs from process to process. */
const places = ['/proc', '/sys', '/dev']

/** Memory that holds files like any disk. */
const memory = '/dev/shm'

const placeOf = (path: string): string | null => places.find((place) => isInside(path, place)) ?? null

/** Links that are followed, as many as Linux does. */
const mostLinks = 40

const partsOf = (path: string) => path.split('/').filter((part) => part !== '')

/**
 * Of these places the first that a path is in or leads through; null where it is in none. Links are followed one by one:
 * where `/proc/self/cwd` leads, `realpath` knows for this process only.
 */
export const systemPlace = async (path: string): Promise<string | null> => {
  let place = '/'
  let rest = partsOf(path)
  for (let links = 0; rest.length > 0 && links <= mostLinks; ) {
    const [part = '', ...others] = rest
    const next = join(place, part)
    const system = isInside(join(next, ...others), memory) ? null : placeOf(next)
    if (system !== null) return system
    const target = await readlink(next).catch(() => null)
    if (target === null) {
      place = next
      rest = others
    } else {
      links += 1
      place = isAbsolute(target) ? '/' : place
      rest = [...partsOf(target), ...others]
    }
  }
  return null
}
