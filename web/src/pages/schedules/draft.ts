import type {
  AllowedWindowInput,
  CreateScheduleInput,
  MissedRunPolicy,
  OverlapPolicy,
  ScheduledAction,
  ScheduleRowFragment,
} from '../../api/gql/graphql.ts'
import { actions } from '../../text/kinds.ts'
import { weekdays } from './schedule-words.ts'

/** A schedule as it stands in the form. */
export interface Draft {
  name: string
  action: ScheduledAction
  planId: string
  repositoryId: string
  cron: string
  timeZone: string
  isEnabled: boolean
  hasWindow: boolean
  from: string
  to: string
  weekdays: number[]
  /** In seconds; an empty field is no delay and no limit. */
  jitter: number | null
  maxDuration: number | null
  missedRunPolicy: MissedRunPolicy
  overlapPolicy: OverlapPolicy
}

const everyDay = weekdays.map(({ value }) => value)

/** What a new schedule begins as. */
export const newDraft = (given: { plan?: string; repository?: string; timeZone: string }): Draft => ({
  name: '',
  action: given.repository && !given.plan ? 'REFRESH_ARCHIVES' : 'BACKUP',
  planId: given.plan ?? '',
  repositoryId: given.repository ?? '',
  cron: '0 2 * * *',
  timeZone: given.timeZone,
  isEnabled: true,
  hasWindow: false,
  from: '22:00',
  to: '06:00',
  weekdays: everyDay,
  jitter: null,
  maxDuration: null,
  missedRunPolicy: 'RUN_ONCE',
  overlapPolicy: 'SKIP',
})

// A field for times knows no 24:00: there the end of the day is 00:00.
const typedEnd = (to: string) => (to === '24:00' ? '00:00' : to.padStart(5, '0'))
const sentEnd = (to: string) => (to === '00:00' ? '24:00' : to)

/** A schedule that is there, for the form. */
export const draftOf = (schedule: ScheduleRowFragment): Draft => ({
  name: schedule.name,
  action: schedule.action,
  planId: schedule.plan?.id ?? '',
  repositoryId: schedule.repository?.id ?? '',
  cron: schedule.cron,
  timeZone: schedule.timeZone,
  isEnabled: schedule.isEnabled,
  hasWindow: schedule.window !== null,
  from: schedule.window?.from.padStart(5, '0') ?? '22:00',
  to: typedEnd(schedule.window?.to ?? '06:00'),
  weekdays: schedule.window?.weekdays ?? everyDay,
  jitter: schedule.jitter || null,
  maxDuration: schedule.maxDuration,
  missedRunPolicy: schedule.missedRunPolicy,
  overlapPolicy: schedule.overlapPolicy,
})

const windowOf = (draft: Draft): AllowedWindowInput | null =>
  draft.hasWindow
    ? {
        from: draft.from,
        to: sentEnd(draft.to),
        weekdays: draft.weekdays.length === 7 ? null : draft.weekdays.toSorted((one, other) => one - other),
      }
    : null

/** What the server is asked for. */
export const inputOf = (draft: Draft): CreateScheduleInput => ({
  name: draft.name,
  action: draft.action,
  planId: actions[draft.action].isOfPlan ? draft.planId || null : null,
  repositoryId: actions[draft.action].isOfPlan ? null : draft.repositoryId || null,
  cron: draft.cron,
  timeZone: draft.timeZone,
  isEnabled: draft.isEnabled,
  window: windowOf(draft),
  jitter: draft.jitter ?? 0,
  maxDuration: draft.maxDuration,
  missedRunPolicy: draft.missedRunPolicy,
  overlapPolicy: draft.overlapPolicy,
})
