import type { Archive } from '../../prisma/generated/client/client.ts'
import type { ReadArchive } from './listed.ts'

/** What tells an archive of our records from others, whatever its name and its id. */
export type KnownArchive = Pick<
  Archive,
  'id' | 'borgId' | 'name' | 'startedAt' | 'finishedAt' | 'comment' | 'jobId' | 'isMarked'
>

const keyOf = ({ startedAt, finishedAt, comment }: Pick<KnownArchive, 'startedAt' | 'finishedAt' | 'comment'>) =>
  JSON.stringify([startedAt, finishedAt, comment])

const byKey = <T extends Parameters<typeof keyOf>[0]>(archives: readonly T[]) =>
  Map.groupBy(archives, (archive) => keyOf(archive))

/**
 * Of the known archives that borg does not list any more those that it lists under another name: renaming gives a new id,
 * and leaves times and comment as they are. One that could be either of two is none of them. An archive of the same name
 * and another id was made anew by `borg recreate`, and may hold other files.
 */
export const findRenamed = <Known extends KnownArchive>(
  gone: readonly Known[],
  unknown: readonly ReadArchive[],
): readonly { readonly known: Known; readonly listed: ReadArchive }[] => {
  const candidates = byKey(unknown)
  return [...byKey(gone)].flatMap(([key, archives]) => {
    const [known, ...others] = archives
    const [listed, ...more] = candidates.get(key) ?? []
    if (known === undefined || listed === undefined || others.length + more.length > 0) return []
    const isOther = listed.origin !== null && known.jobId !== null && listed.origin.jobId !== known.jobId
    return isOther || known.name === listed.name ? [] : [{ known, listed }]
  })
}
