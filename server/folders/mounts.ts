import { constants } from 'node:fs'
import { open, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'

/** One line of `/proc/self/mountinfo` (proc(5)). */
interface Mount {
  readonly id: string
  /** Names the file system. */
  readonly device: string
  /** Which of its folders, or files, is seen at `point`. */
  readonly root: string
  readonly point: string
}

const unescaped = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))

const readMounts = async (): Promise<readonly Mount[]> =>
  (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').flatMap((line) => {
    const [id, , device, root, point] = line.split(' ')
    return id && device && root && point ? [{ id, device, root: unescaped(root), point: unescaped(point) }] : []
  })

/** Where something is mounted right in a folder, which is free of links. */
export const mountsIn = async (folder: string): Promise<readonly string[]> =>
  (await readMounts()).map(({ point }) => point).filter((point) => point !== folder && dirname(point) === folder)

/** Whether something is mounted at or in a folder, which is free of links. */
export const holdsMount = async (folder: string): Promise<boolean> =>
  (await readMounts()).some(({ point }) => within(point, folder) !== null)

/** What of `path` comes after `folder`: empty where they are the same, null where it is no part of it. */
export const within = (path: string, folder: string): string | null => {
  const rest = relative(folder, path)
  return rest === '..' || rest.startsWith('../') ? null : rest
}

const identity = (path: string) =>
  stat(path, { bigint: true }).then(
    ({ dev, ino }) => `${dev} ${ino}`,
    () => null,
  )

const asFolder = constants.O_RDONLY | constants.O_DIRECTORY

/**
 * The mount that a path is seen through, and where it lies in that file system. No file is opened: to close one would free
 * all locks that this process holds on it, as SQLite's (fcntl(2)).
 */
const findPlace = async (path: string, mounts: readonly Mount[]): Promise<{ mount: Mount; inside: string } | null> => {
  const folder = await open(path, asFolder).catch(() => null)
  if (folder === null) {
    const own = mounts.findLast(({ point }) => point === path)
    if (own !== undefined) return { mount: own, inside: own.root }
    if (path === '/') return null
    const place = await findPlace(dirname(path), mounts)
    return place && { ...place, inside: join(place.inside, basename(path)) }
  }
  try {
    const [, id] = /^mnt_id:\s*(\d+)$/m.exec(await readFile(`/proc/self/fdinfo/${folder.fd}`, 'utf8')) ?? []
    const mount = mounts.find((each) => each.id === id)
    const rest = mount && within(path, mount.point)
    return mount === undefined || rest == null ? null : { mount, inside: join(mount.root, rest) }
  } finally {
    await folder.close()
  }
}

/** Where else a path, or a part of it, is seen through another mount of the same file system. */
const findElsewhere = async (path: string, mounts: readonly Mount[]): Promise<string[]> => {
  const place = await findPlace(path, mounts)
  if (place === null) return []
  const found: string[] = []
  for (const { id, device, root, point } of mounts) {
    if (id === place.mount.id || device !== place.mount.device) continue
    const rest = within(place.inside, root)
    const part = within(root, place.inside)
    const [seen, original] =
      rest !== null ? [join(point, rest), path] : part !== null ? [point, join(path, part)] : [null, null]
    if (seen === null) continue
    // Something else may be mounted over it; what is not there yet may come.
    const [there, here] = await Promise.all([identity(seen), identity(original)])
    if (there === null || here === null || there === here) found.push(seen)
  }
  return found
}

/**
 * All paths, free of links, by which these can be reached, and what is mounted in them: bind mounts show a folder, a part of
 * it or something around it at other places too.
 */
export const withOtherMounts = async (paths: readonly string[]): Promise<readonly string[]> => {
  const mounts = await readMounts()
  const mountedInside = mounts.map(({ point }) => point).filter((point) => paths.some((path) => within(point, path)))
  const found = new Set(paths)
  for (const path of [...paths, ...mountedInside]) {
    for (const elsewhere of await findElsewhere(path, mounts)) found.add(elsewhere)
  }
  return [...found]
}
