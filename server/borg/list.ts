import { z } from 'zod'
import { borgCommand } from './command.ts'
import { type EncryptionMode, modeOf } from './encryption.ts'
import type { BorgRepository } from './repository.ts'
import { borgTime } from './time.ts'

/** `borg list` of a whole repository: its archives, its id and its encryption, as JSON on standard output. */
export const list = (repository: BorgRepository) =>
  borgCommand(
    repository,
    ['list'],
    ['--json', '--consider-checkpoints', '--format', '{end}{hostname}{username}{comment}'],
    [repository.location],
  )

/**
 * The first access to a repository that a person has named, which may be one without encryption. `isMoved` is that
 * person's word that it is the one that borg knows from another path; borg cannot tell it from one put in its place.
 */
export const listUnknown = (repository: BorgRepository, { isMoved }: { isMoved: boolean }) => {
  const command = list(repository)
  return {
    ...command,
    environment: {
      ...command.environment,
      BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: 'yes',
      ...(isMoved && { BORG_RELOCATED_REPO_ACCESS_IS_OK: 'yes' }),
    },
  }
}

/** One element of `archives` in the JSON that `borg list --json` prints. */
export const listedArchive = z
  .object({
    id: z.string(),
    name: z.string(),
    start: borgTime,
    end: borgTime,
    hostname: z.string(),
    username: z.string(),
    comment: z.string(),
  })
  .transform(({ id, start, end, ...rest }) => ({ ...rest, borgId: id, startedAt: start, finishedAt: end }))

/** Whether an archive is what borg saved of a backup that was stopped before its end. Borg marks it by its name only. */
export const isCheckpoint = (name: string): boolean => /\.checkpoint(?:\.\d+)?$/.test(name)

export type ListedArchive = z.output<typeof listedArchive>

/** `encryption` and `repository` in that JSON. */
export const listedEncryption = z.object({ mode: z.string().transform((mode): EncryptionMode | null => modeOf(mode)) })
export const listedRepository = z.object({ id: z.string() })
