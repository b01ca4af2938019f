import type { MissedRunPolicy, OverlapPolicy, ScheduleRowFragment } from '../../api/gql/graphql.ts'
import { sayDuration } from '../../text/times.ts'

export const missedRunPolicies: Record<MissedRunPolicy, { word: string; explanation: string }> = {
  RUN_ONCE: {
    word: 'Make up for it once',
    explanation: 'Runs that were due while Borgitory was off are made up for by one run when it is on again.',
  },
  SKIP: {
    word: 'Leave it out',
    explanation: 'Runs that were due while Borgitory was off are left out; the next run is at its usual time.',
  },
}

export const overlapPolicies: Record<OverlapPolicy, { word: string; explanation: string }> = {
  SKIP: {
    word: 'Leave it out',
    explanation: 'A run that is due while the one before still works is left out.',
  },
  QUEUE: {
    word: 'Let it wait',
    explanation: 'A run that is due while the one before still works waits for it; at most one waits.',
  },
}

/** The days of the week as cron counts them, from Monday on. */
export const weekdays = [
  { value: 1, word: 'Monday', short: 'Mon' },
  { value: 2, word: 'Tuesday', short: 'Tue' },
  { value: 3, word: 'Wednesday', short: 'Wed' },
  { value: 4, word: 'Thursday', short: 'Thu' },
  { value: 5, word: 'Friday', short: 'Fri' },
  { value: 6, word: 'Saturday', short: 'Sat' },
  { value: 0, word: 'Sunday', short: 'Sun' },
] as const

/** A window in words: `22:00 to 06:00, Mon, Tue`; any time where there is none. */
export const sayWindow = (window: ScheduleRowFragment['window']) => {
  if (!window) return 'At any time'
  const days = weekdays.filter(({ value }) => window.weekdays?.includes(value)).map(({ short }) => short)
  const hours = `${window.from} to ${window.to}`
  return window.weekdays === null || days.length === 7 ? hours : `${hours}, ${days.join(', ')}`
}

/** How late a run may begin. */
export const sayJitter = (seconds: number) => (seconds === 0 ? 'On time' : `Up to ${sayDuration(seconds)} late`)

/** How long a run may take. */
export const sayLimit = (seconds: number | null) => (seconds === null ? 'No limit' : sayDuration(seconds))

/** Whether no run came after the one that was left out last. */
export const isSkippedSince = ({
  lastScheduledFor,
  lastSkippedFor,
}: Pick<ScheduleRowFragment, 'lastScheduledFor' | 'lastSkippedFor'>) =>
  lastSkippedFor !== null && (lastScheduledFor === null || Date.parse(lastSkippedFor) >= Date.parse(lastScheduledFor))
