import { createMemo } from 'solid-js'
import { ScheduleSubjectsDocument, type ScheduleSubjectsQuery } from '../../api/gql/graphql.ts'
import { areSettled, createLiveQuery } from '../../api/live-query.ts'

export type Subject = Extract<NonNullable<ScheduleSubjectsQuery['nodes'][number]>, { __typename: 'Schedule' }>

/** What some schedules run, by their ids: read apart from their runs, of which there are many more. */
export const createSubjects = (schedules: () => string[]) => {
  const ids = createMemo(() => [...new Set(schedules())].sort(), undefined, {
    equals: (one, other) => one.join() === other.join(),
  })
  const [subjects] = createLiveQuery({
    query: ScheduleSubjectsDocument,
    variables: () => ({ ids: ids() }),
    // Most days of the calendar have the same schedules.
    requestPolicy: 'cache-first',
    pause: () => ids().length === 0,
  })
  return {
    subjects: createMemo(() => {
      const found = (subjects.data?.nodes ?? []).filter((node) => node?.__typename === 'Schedule')
      return new Map<string, Subject>(found.map((node) => [node.id, node]))
    }),
    /** Whether they were read once, or cannot be. */
    areRead: () => ids().length === 0 || areSettled(subjects),
  }
}
