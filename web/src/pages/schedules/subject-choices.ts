import type { ScheduleTargetsQuery } from '../../api/gql/graphql.ts'

export interface Target {
  readonly id: string
  readonly name: string
}

/** The plans and repositories that a schedule can be for. */
export interface Targets {
  readonly plans: readonly Target[]
  readonly repositories: readonly Target[]
  /** What is not among them, in words; undefined where all are. */
  readonly missing: string | undefined
}

/** The first 200 of each by name, and the chosen ones, which links may name whatever their place. */
export const targetsOf = (data: ScheduleTargetsQuery): Targets => {
  const withChosen = (type: 'BackupPlan' | 'Repository', edges: readonly { node: Target }[]): Target[] => {
    const listed = edges.map(({ node: { id, name } }) => ({ id, name }))
    const more = data.chosen.flatMap((node) =>
      node?.__typename === type && !listed.some(({ id }) => id === node.id) ? [{ id: node.id, name: node.name }] : [],
    )
    return [...more, ...listed]
  }
  const isCut = data.plans.totalCount > data.plans.edges.length
  return {
    plans: withChosen('BackupPlan', data.plans.edges),
    repositories: withChosen('Repository', data.repositories.edges),
    missing:
      isCut || data.repositories.totalCount > data.repositories.edges.length
        ? 'Only the first 200 are listed. For another one, open its own page and add a schedule there.'
        : undefined,
  }
}
