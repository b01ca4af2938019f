import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { specialKind } from './source-kind.ts'

/** What the kernel tells of a block device, by its number `major:minor` or by its folder. */
const system = '/sys/dev/block'

const numberOf = (device: number) => `${(device >>> 8) & 0xfff}:${(device & 0xff) | ((device >>> 12) & 0xfff00)}`

const statusOf = (path: string) => stat(path).catch(() => null)

/** The devices that file systems such as Btrfs lie on, which give their files numbers of no device. */
const mountedFrom = async (device: string): Promise<readonly string[]> => {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')
  const sources = mounts
    .split('\n')
    .filter((line) => line.split(' ')[2] === device)
    .flatMap((line) => line.split(' - ')[1]?.split(' ')[1] ?? [])
  const found = await Promise.all([...new Set(sources)].map(statusOf))
  return found.flatMap((status) => (status?.isBlockDevice() ? [numberOf(status.rdev)] : []))
}

/** A block device and all that it lies on: the disk of a partition, the parts of a volume. */
const withLower = async (device: string): Promise<readonly string[]> => {
  const folder = await realpath(join(system, device)).catch(() => null)
  if (folder === null) return [device]
  const disk = await readFile(join(dirname(folder), 'dev'), 'utf8').catch(() => null)
  const parts = await readdir(join(folder, 'slaves')).catch(() => [])
  const lower = await Promise.all(
    parts.map((part) => readFile(join(folder, 'slaves', part, 'dev'), 'utf8').catch(() => null)),
  )
  const next = [disk, ...lower].flatMap((number) => number?.trim() ?? [])
  return [device, ...(await Promise.all(next.map(withLower))).flat()]
}

/** The block devices that files lie on, as `major:minor`. */
const devicesOf = async (paths: readonly string[]): Promise<ReadonlySet<string>> => {
  const statuses = await Promise.all(paths.map(statusOf))
  const devices = [...new Set(statuses.flatMap((status) => (status === null ? [] : [numberOf(status.dev)])))]
  const first = (await Promise.all(devices.map(async (device) => [device, ...(await mountedFrom(device))]))).flat()
  return new Set((await Promise.all(first.map(withLower))).flat())
}

/**
 * Why a source may not be read by `borg create --read-special`; null where it may, and where it cannot be looked at: of that
 * borg says why. Only block devices and regular files have an end, and a device must not hold Borgitory's own files.
 */
export const deviceProblem = async (source: string, ownPaths: readonly string[]): Promise<string | null> => {
  const only = 'only block devices and regular files can be read as they are, since the rest may have no end.'
  const status = await statusOf(source)
  if (status?.isDirectory()) return `is a folder: ${only}`
  if (!status?.isBlockDevice()) {
    const kind = await specialKind(source)
    return kind === null || status === null ? null : `is ${kind}: ${only}`
  }
  const own = await devicesOf(ownPaths)
  return own.has(numberOf(status.rdev)) ? 'holds Borgitory’s own data, which no backup may hold.' : null
}
