import { JobKind, RunState } from '../../../prisma/generated/client/enums.ts'
import { builder } from '../../schema/builder.ts'
import type { JobCondition, JobOwner } from '../records/filter.ts'

/** Which jobs, in the API. */
export const jobFilter = builder.inputType('JobFilter', {
  description: 'Which jobs; all conditions hold together.',
  fields: (t) => ({
    states: t.field({ type: [RunState], description: 'In one of these states.' }),
    kinds: t.field({ type: [JobKind], description: 'Of one of these kinds.' }),
    repositoryId: t.globalID({ description: 'Of this repository.' }),
    planId: t.globalID({ description: 'Of this plan.' }),
    scheduleId: t.globalID({ description: 'Runs of this schedule.' }),
    createdFrom: t.field({ type: 'DateTime', description: 'Asked for at this time or later.' }),
    createdTo: t.field({ type: 'DateTime', description: 'Asked for before this time.' }),
  }),
})

/** What a filter stands for, where it is asked of all jobs or of the jobs of `owner`. */
export const jobCondition = (
  filter: typeof jobFilter.$inferInput | null | undefined,
  owner: JobOwner = {},
): JobCondition => {
  const asked: JobOwner = {
    ...(filter?.repositoryId && { repositoryId: filter.repositoryId.id }),
    ...(filter?.planId && { planId: filter.planId.id }),
    ...(filter?.scheduleId && { scheduleId: filter.scheduleId.id }),
  }
  const isOther = (name: keyof JobOwner) => asked[name] !== undefined && (owner[name] ?? asked[name]) !== asked[name]
  const isContradiction = isOther('repositoryId') || isOther('planId') || isOther('scheduleId')
  return {
    ...asked,
    ...owner,
    ...(filter?.states && { states: [...new Set(filter.states)] }),
    ...(filter?.kinds && { kinds: [...new Set(filter.kinds)] }),
    ...(filter?.createdFrom && { createdFrom: filter.createdFrom }),
    ...(filter?.createdTo && { createdTo: filter.createdTo }),
    ...(isContradiction && { states: [] }),
  }
}
