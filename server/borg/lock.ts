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
  return { hostId, host: hostId.split('@')[0] ?? hostId, pid: Number(pid) }
}
