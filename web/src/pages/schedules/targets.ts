import { ScheduleTargetsDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'

export interface Target {
  readonly id: string
  readonly name: string
}

/**
 * The plans and repositories that a schedule can be for: the first 200 of each by name, and the chosen ones, which links
 * may name whatever their place.
 */
export const createTargets = (chosen: () => (string | undefined)[]) => {
  const [result, retry] = createLiveQuery({
    query: ScheduleTargetsDocument,
    variables: () => ({ chosen: chosen().filter((id) => id !== undefined && id !== '') as string[] }),
  })
  const withChosen = (type: 'BackupPlan' | 'Repository', listed: readonly Target[]): Target[] => {
    const more = (result.data?.chosen ?? []).flatMap((node) =>
      node?.__typename === type && !listed.some(({ id }) => id === node.id) ? [{ id: node.id, name: node.name }] : [],
    )
    return [...more, ...listed]
  }
  const nodesOf = (list: { edges: { node: Target }[] } | undefined) => list?.edges.map(({ node }) => node) ?? []
  return {
    retry,
    error: () => result.error,
    isRead: () => result.data !== undefined && result.data !== null,
    plans: () => withChosen('BackupPlan', nodesOf(result.data?.plans)),
    repositories: () => withChosen('Repository', nodesOf(result.data?.repositories)),
    /** What is not among them, in words; undefined where all are. */
    missing: () =>
      (result.data?.plans.totalCount ?? 0) > 200 || (result.data?.repositories.totalCount ?? 0) > 200
        ? 'Only the first 200 are listed. For another one, open its own page and add a schedule there.'
        : undefined,
  }
}
