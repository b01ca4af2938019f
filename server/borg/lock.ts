import { z } from 'zod'

/** Who holds a lock, as borg writes it into the name of a file in `lock.exclusive/`: `host@id.pid-thread`. */
export interface LockHolder {
  readonly host: string
  /** Everything before the pid: the host and borg's number for it, or `BORG_HOST_ID`. */
  readonly hostId: string
  readonly pid: number
}

/** Reads the name of a file in `lock.exclusive/`; null where it is none of borg's (docs: internals/data-structures, "Locks"). */
export const parseLockHolder = (fileName: string): LockHolder | null => {
  const match = /^(?<hostId>.+)\.(?<pid>\d+)-[0-9a-f]+$/.exec(fileName)
  if (!match?.groups) return null
  const { hostId = '', pid } = match.groups
  return holder(hostId, Number(pid))
}

const holder = (hostId: string, pid: number): LockHolder => ({ hostId, host: hostId.split('@')[0] ?? hostId, pid })

const roster = z.object({ shared: z.array(z.tuple([z.string(), z.number().int()], z.unknown())).default([]) })

/**
 * Who shares a lock, as borg writes it into `lock.roster`: `{"shared": [[host@id, pid, thread]], "exclusive": […]}`. Nobody
 * where the file is not whole, which borg takes the same way; who holds the lock alone is in `lock.exclusive/`.
 */
export const parseRoster = (text: string): readonly LockHolder[] => {
  try {
    return roster.parse(JSON.parse(text)).shared.map(([hostId, pid]) => holder(hostId, pid))
  } catch {
    return []
  }
}
