import type { RepositoryFateQuery } from '../../api/gql/graphql.ts'
import { sayCount } from '../../text/counts.ts'

/** What becomes of what belongs to a repository that is forgotten, in numbers. */
export const sayFate = ({ plans, schedules, jobs }: RepositoryFateQuery): string[] => {
  const hooks = plans.edges.reduce((sum, { node }) => sum + (node.hooks?.length ?? 0), 0)
  // Of more plans than are read, the hooks are not all counted.
  const isCut = plans.totalCount > plans.edges.length
  const sayHooks = () => {
    if (hooks === 0) return isCut ? 'Their hooks go with it.' : 'They have no hook.'
    const counted = sayCount(hooks, 'hook goes', 'hooks go')
    return `${isCut ? 'At least ' : ''}${counted} with it, with the values of ${hooks === 1 ? 'its' : 'their'} variables.`
  }
  return [
    ...(plans.totalCount === 0
      ? ['It has no plan.']
      : [`${sayCount(plans.totalCount, 'plan goes', 'plans go')} with it.`, sayHooks()]),
    schedules.totalCount === 0
      ? 'It has no schedule.'
      : `${sayCount(schedules.totalCount, 'schedule goes', 'schedules go')} with it: nothing is done here by the clock any more.`,
    jobs.totalCount === 0 ? 'It has no job.' : `${sayCount(jobs.totalCount, 'job stays', 'jobs stay')}.`,
  ]
}
