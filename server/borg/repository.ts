import type { Secret } from '../secrets/secret.ts'

/** What every borg command needs to know of the repository that it works on. */
export interface BorgRepository {
  /** Absolute path. */
  readonly location: string
  /** Null for a repository without one. */
  readonly passphrase: Secret | null
  /** Folder for borg's own caches, keys and security data (`BORG_BASE_DIR`). */
  readonly baseFolder: string
  /** Says whose locks are Borgitory's own (`BORG_HOST_ID`). */
  readonly hostId: string
  /** Seconds to wait for a lock that another program holds. */
  readonly lockWait: number
}
