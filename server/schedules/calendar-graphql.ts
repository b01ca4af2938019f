import { type InvalidField, InvalidInput } from '../problems.ts'
import { builder, prices } from '../schema/builder.ts'
import { invalidField } from '../schema/problems.ts'
import { type Calendar, type CalendarRun, computing, readCalendar } from './calendar.ts'
import { runPrice, scheduleType } from './graphql.ts'
import { withTimesChecked } from './service.ts'
import { describeCron, parseCron } from './times/cron.ts'
import { nextRuns } from './times/matching-times.ts'

const calendarRun = builder.objectRef<CalendarRun>('CalendarRun').implement({
  description: 'One run that is to come, with its schedule.',
  fields: (t) => ({
    // It was read for all of its runs.
    schedule: t.field({
      type: scheduleType,
      complexity: prices.value,
      description: 'Whose run it is.',
      resolve: ({ schedule }) => schedule,
    }),
    scheduledFor: t.expose('scheduledFor', {
      type: 'DateTime',
      description: 'The time of the schedule that it is for.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it begins: jitter and window are counted in.' }),
  }),
})

const calendar = builder.objectRef<Calendar>('Calendar').implement({
  description: 'The runs between two dates that are to come.',
  fields: (t) => ({
    runs: t.field({
      type: [calendarRun],
      complexity: { field: 0, multiplier: 1 },
      description: 'The runs, in order.',
      resolve: ({ runs }) => [...runs],
    }),
    isTruncated: t.exposeBoolean('isTruncated', { description: 'Whether there are more runs than these.' }),
  }),
})

/** Runs in a calendar that does not say how many, and in the largest one. */
const calendarLength = { usual: 1000, most: 5000 }

const lengthOf = (first: number) => Math.min(Math.max(first, 0), calendarLength.most)

interface CronPreview {
  readonly text: string | null
  readonly nextRuns: readonly Date[]
  readonly problems: readonly InvalidField[]
}

const previewCron = (cron: string, timeZone: string): CronPreview => {
  try {
    return withTimesChecked(() => {
      const parsed = parseCron(cron, timeZone)
      return { text: describeCron(parsed), nextRuns: nextRuns(parsed, timeZone, new Date(), 5), problems: [] }
    })
  } catch (error) {
    if (error instanceof InvalidInput) return { text: null, nextRuns: [], problems: error.fields }
    throw error
  }
}

const cronPreview = builder.objectRef<CronPreview>('CronPreview').implement({
  description: 'What a cron text stands for, or what is wrong with it.',
  fields: (t) => ({
    text: t.exposeString('text', { nullable: true, description: 'It in plain English; null where it is wrong.' }),
    nextRuns: t.field({
      type: ['DateTime'],
      description: 'The next five times that it stands for; none where it is wrong.',
      resolve: ({ nextRuns }) => [...nextRuns],
    }),
    problems: t.field({
      type: [invalidField],
      description: 'What is wrong with `cron` or `timeZone`; none where nothing is.',
      resolve: ({ problems }) => [...problems],
    }),
  }),
})

builder.queryFields((t) => ({
  calendar: t.field({
    type: calendar,
    // Reads all schedules.
    complexity: ({ first }) => ({ field: 1_000 + lengthOf(first) * runPrice, multiplier: lengthOf(first) }),
    description: 'All runs of enabled schedules between two dates that are to come. What is over is among `jobs`.',
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'The first moment.' }),
      to: t.arg({ type: 'DateTime', required: true, description: 'The end; not included.' }),
      first: t.arg.int({
        required: true,
        defaultValue: calendarLength.usual,
        description: `How many runs at most, up to ${calendarLength.most}.`,
      }),
    },
    resolve: (_root, { from, to, first }, { db }) => readCalendar(db, from, to, lengthOf(first)),
  }),
  cronPreview: t.field({
    type: cronPreview,
    // The rarest times take 10 ms to find.
    complexity: 200,
    description: 'What a cron text stands for, as it is typed.',
    args: {
      cron: t.arg.string({ required: true, description: 'Five cron fields, or a preset such as `@daily`.' }),
      timeZone: t.arg.string({ required: true, description: 'IANA name of a time zone, such as `Europe/Berlin`.' }),
    },
    resolve: (_root, { cron, timeZone }) => computing(() => previewCron(cron, timeZone)),
  }),
}))
