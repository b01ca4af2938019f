import type { JobDetailsFragment } from '../../api/gql/graphql.ts'

type TimedTask = Pick<JobDetailsFragment['tasks'][number], 'id' | 'startedAt' | 'finishedAt' | 'attempt' | 'state'>

type TimedJob = Pick<JobDetailsFragment, 'createdAt' | 'startedAt' | 'finishedAt' | 'notBefore'> & {
  readonly tasks: readonly TimedTask[]
}

/** A stretch on the scale, in percent of it. */
export interface Stretch {
  readonly left: number
  readonly width: number
}

export interface Row {
  readonly id: string
  /** The last try; those before it are not known. Undefined for a task that was not begun, or waits for its next try. */
  readonly bar: Stretch | undefined
  /** The time between what came before and the bar: waiting, and tries before this one. */
  readonly gap: Stretch | undefined
  /** Seconds after the beginning of the scale at which it began. */
  readonly begin: number
  /** Seconds that it took, up to now where it is at work; null where it was not begun. */
  readonly duration: number | null
  /** Seconds of `gap`. */
  readonly wait: number
}

export interface Timeline {
  /** Milliseconds since the epoch. */
  readonly from: number
  readonly to: number
  /** Seconds before the job began, and where they lie on the scale; not on it where they would leave nothing for the rest. */
  readonly queued: { readonly seconds: number; readonly stretch: Stretch | undefined }
  readonly rows: readonly Row[]
  /** Marks at round numbers of seconds. */
  readonly ticks: readonly { readonly seconds: number; readonly left: number }[]
}

/** A wait that is so many times as long as the run is told in words alone. */
const longWait = 3

/** Gaps shorter than this are the time that it takes to begin the next task, and no wait, in seconds. */
const noWait = 1

const minute = 60
const hour = 60 * minute
const day = 24 * hour
const steps = [1, 2, 5, 10, 15, 30]
  .concat([1, 2, 5, 10, 15, 30].map((count) => count * minute))
  .concat([1, 2, 3, 6, 12].map((count) => count * hour))
  .concat([1, 2, 7, 14].map((count) => count * day))

/** The seconds between marks, so that there are four at most. */
const stepFor = (seconds: number) => steps.find((step) => seconds / step <= 5) ?? Math.ceil(seconds / 4 / day) * day

/** When each task of a job was at work, on one scale from the job's beginning to its end, or to now. */
export const timelineOf = (job: TimedJob, now: number): Timeline => {
  const created = Date.parse(job.createdAt)
  const to = Math.max(created, job.finishedAt === null ? now : Date.parse(job.finishedAt))
  const begun = job.startedAt === null ? to : Math.min(to, Date.parse(job.startedAt))
  const isWaitDrawn = begun - created <= longWait * (to - begun) || begun === to
  const from = isWaitDrawn ? created : begun
  const length = Math.max(1, to - from)
  const place = (start: number, end: number): Stretch => ({
    left: ((Math.max(from, start) - from) / length) * 100,
    width: (Math.max(0, Math.min(to, end) - Math.max(from, start)) / length) * 100,
  })

  let last = begun
  const rows = job.tasks.map((task): Row => {
    const { id, state, attempt } = task
    const untouched = { id, bar: undefined, gap: undefined, begin: 0, duration: null, wait: 0 }
    if (task.startedAt === null) return untouched
    const start = Date.parse(task.startedAt)
    // Between two tries the end of the one before is not known.
    const isBetweenTries = state === 'QUEUED' && attempt > 0
    const end = task.finishedAt !== null ? Date.parse(task.finishedAt) : isBetweenTries ? start : to
    const gapStart = isBetweenTries ? start : last
    const gapEnd = isBetweenTries ? to : start
    const wait = Math.max(0, gapEnd - gapStart) / 1000
    last = Math.max(last, end)
    return {
      id,
      bar: isBetweenTries ? undefined : place(start, end),
      gap: wait >= noWait ? place(gapStart, gapEnd) : undefined,
      begin: (start - from) / 1000,
      duration: isBetweenTries ? null : (end - start) / 1000,
      wait: wait >= noWait ? wait : 0,
    }
  })

  const seconds = length / 1000
  const step = stepFor(seconds)
  const ticks = []
  for (let at = step; at < seconds * 0.97; at += step) ticks.push({ seconds: at, left: (at / seconds) * 100 })
  return {
    from,
    to,
    queued: { seconds: (begun - created) / 1000, stretch: isWaitDrawn ? place(created, begun) : undefined },
    rows,
    ticks,
  }
}
