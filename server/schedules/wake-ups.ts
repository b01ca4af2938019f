import type { Agenda } from 'agenda'
import { createUpkeep } from '../agenda/upkeep.ts'
import type { App } from '../app.ts'

/**
 * The queue's entry that wakes the clock up when the next schedules are due. It follows from the rows: while the queue
 * cannot be written, whoever looks for what is due finds it without.
 */
export interface WakeUps {
  /** Makes the queue ready. To be called before Agenda begins to work. */
  start(): Promise<void>
  /** Has the clock woken up when the first schedules after a moment are due; those until then were taken. */
  renew(after: Date): void
  /** Writes nothing more, and resolves when what was begun is written, or could not be in time. */
  stop(): Promise<void>
}

interface WakeUpsOptions extends Pick<App, 'db' | 'log'> {
  readonly agenda: Agenda
  /** Is called when schedules may be due; once too often does no harm. */
  readonly wake: () => Promise<void>
}

interface Trigger {
  /** When it goes off, in milliseconds since the epoch. */
  readonly at: number
}

const name = 'run schedules'

/** An entry that has not gone off so many milliseconds after its time is lost; one too many does no harm. */
const overdue = 1_000

export const createWakeUps = ({ db, log, agenda, wake }: WakeUpsOptions): WakeUps => {
  /** When the last entry goes off that was written, or is being written; null where there may be none any more. */
  let entryAt: number | null = null
  /** The moment after which the next entry is looked for; null where none is wanted yet. */
  let wanted: Date | null = null
  let isTidied = false

  agenda.define<Trigger>(name, async ({ attrs: { data } }) => {
    if (data.at === entryAt) entryAt = null
    await wake()
  })
  agenda.on('error', () => {
    entryAt = null
  })

  /** Removes what earlier servers left, which is of no use any more, also under names of other versions. */
  const tidy = async () => {
    await agenda.cancel({ name })
    await agenda.purge()
    isTidied = true
  }

  const findNext = async (after: Date): Promise<Date | null> => {
    // The clock may have been set back since.
    const start = new Date(Math.min(after.getTime(), Date.now()))
    const next = await db.schedule.findFirst({
      where: { isEnabled: true, nextRunAt: { gt: start } },
      orderBy: { nextRunAt: 'asc' },
      select: { nextRunAt: true },
    })
    return next?.nextRunAt ?? null
  }

  const write = async () => {
    if (!isTidied) await tidy()
    if (wanted === null) return
    // Whoever emptied the queue need not have told.
    if (entryAt !== null && entryAt < Date.now() - overdue) entryAt = null
    const next = await findNext(wanted)
    // One that goes off sooner than is needed has the next one written then.
    if (next === null || (entryAt !== null && entryAt <= next.getTime())) return
    const at = next.getTime()
    entryAt = at
    await agenda.schedule<Trigger>(next, name, { at })
  }

  const upkeep = createUpkeep({
    log,
    write,
    trouble: 'the queue could not be told when schedules run; they are looked through meanwhile',
  })

  return {
    start: upkeep.renew,
    renew(after) {
      wanted = after
      void upkeep.renew()
    },
    stop: upkeep.stop,
  }
}
