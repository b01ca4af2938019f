import type { NextRunsQuery, SafetyQuery } from '../../api/gql/graphql.ts'
import { jobKinds } from '../../text/kinds.ts'

/** The schedules that are to run, each with its next run, in the order of these. */
export const runsOf = (data: NextRunsQuery | undefined) =>
  (data?.schedules.edges ?? []).flatMap(({ node: { nextRunAt, ...schedule } }) =>
    nextRunAt ? [{ ...schedule, at: nextRunAt }] : [],
  )

/**
 * When the last good backup was made, and when the next one is due. `last`: null where no repository has a whole archive.
 * `next`: null where no backup is scheduled, undefined where that is not known, as schedules could not be read or many
 * that do something else run before.
 */
export const rhythmOf = (
  repositories: readonly Pick<SafetyQuery['repositories']['edges'][number]['node'], 'latestArchive'>[],
  schedules: NextRunsQuery | undefined,
): { last: string | null; next: string | null | undefined } => {
  const archives = repositories.flatMap(({ latestArchive }) => latestArchive?.startedAt ?? [])
  const runs = runsOf(schedules)
  const backup = runs.find(({ action }) => jobKinds[action].isBackup)?.at
  const areAll = schedules !== undefined && runs.length < schedules.schedules.edges.length
  const isWhole = areAll || schedules?.schedules.pageInfo.hasNextPage === false
  return { last: archives.sort().at(-1) ?? null, next: backup ?? (isWhole ? null : undefined) }
}
