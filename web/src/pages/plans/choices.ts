import type { PlanRepositoriesQuery } from '../../api/gql/graphql.ts'

type Repository = PlanRepositoriesQuery['repositories']['edges'][number]['node']

/** The repositories that a plan can be for. */
export interface Choices {
  readonly repositories: readonly Repository[]
  /** Whether there are more than these. */
  readonly isCut: boolean
}

/** The first ones by name, and those that were named, whatever their place. */
export const choicesOf = (
  { chosen, repositories: { edges, totalCount } }: PlanRepositoriesQuery,
  named: readonly Repository[] = [],
): Choices => {
  const listed = edges.map(({ node }) => node)
  const more = [...named, ...chosen.flatMap((node) => (node?.__typename === 'Repository' ? [node] : []))]
  return {
    repositories: [...more.filter(({ id }) => !listed.some((other) => other.id === id)), ...listed],
    isCut: totalCount > edges.length,
  }
}

/** The one that a link names; else the only one there is, or none: nobody is to back up into a place not chosen. */
export const firstChoice = (repositories: readonly Pick<Repository, 'id'>[], wanted: string | undefined) => {
  const [only, ...others] = repositories
  if (wanted !== undefined) return repositories.find(({ id }) => id === wanted)?.id ?? ''
  return only && others.length === 0 ? only.id : ''
}
