import { Problem } from '../problems.ts'

/** The part of a cron text that a problem is about. */
export type CronField = 'minute' | 'hour' | 'day of the month' | 'month' | 'day of the week'

/** A cron text that is not understood. `field` is null where the text as a whole is wrong. */
export class CronInvalid extends Problem {
  readonly field: CronField | null

  constructor(field: CronField | null, what: string) {
    super(field === null ? what : `The ${field} is wrong: ${what}`)
    this.field = field
  }
}

export class CronNeverFires extends Problem {
  constructor(text: string) {
    super(`“${text}” never runs: none of its months has such a day.`)
  }
}

export class TimeZoneUnknown extends Problem {
  constructor(name: string) {
    super(`“${name.slice(0, 60)}” is no time zone that is known here. Write one as in “Europe/Berlin”, or UTC.`)
  }
}

export class WindowInvalid extends Problem {}

export class WindowNeverOpens extends Problem {}

export class ScheduleNotFound extends Problem {
  constructor() {
    super('There is no schedule with this id.')
  }
}
