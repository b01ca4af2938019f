import type { Agenda } from 'agenda'
import { queuePatience, within } from '../agenda/within.ts'
import type { App } from '../app.ts'

/**
 * The queue's entry that wakes the clock up when the next schedules are due. It follows from the rows: while the queue
 * cannot be written, whoever looks for what is due finds it without. So nobody waits for the queue, which may be far away
 * or gone.
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
  let isDoubted = false
  let isTroubled = false
  let isStopping = false
  /** The moment after which the next entry is looked for; null where that is done. */
  let wanted: Date | null = null
  let writing: Promise<void> | null = null

  agenda.define<Trigger>(name, async ({ attrs: { data } }) => {
    if (data.at === entryAt) entryAt = null
    await wake()
  })
  const doubt = () => {
    entryAt = null
    isDoubted = true
  }
  agenda.on('error', doubt)

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

  const write = async (after: Date) => {
    if (isDoubted) {
      isDoubted = false
      // Makes the tables, where somebody has removed them.
      await agenda.db.connect()
      if (isStopping) return
    }
    // Whoever emptied the queue need not have told.
    if (entryAt !== null && entryAt < Date.now() - overdue) entryAt = null
    const next = await findNext(after)
    // One that goes off sooner than is needed has the next one written then.
    if (next === null || (entryAt !== null && entryAt <= next.getTime())) return
    const at = next.getTime()
    entryAt = at
    await agenda.schedule<Trigger>(next, name, { at })
  }

  /** What could not be written is left to the next look. */
  const orLater = async (work: () => Promise<unknown>) => {
    try {
      await work()
      isTroubled = false
    } catch (error) {
      doubt()
      if (isTroubled || isStopping) return
      isTroubled = true
      log.error({ err: error }, 'the queue could not be told when schedules run; they are looked through meanwhile')
    }
  }

  const writeWanted = async () => {
    while (wanted !== null && !isStopping) {
      const after = wanted
      wanted = null
      await orLater(() => write(after))
    }
    writing = null
  }

  return {
    // What earlier servers left is of no use any more, also under names of other versions.
    start: () =>
      orLater(async () => {
        await agenda.cancel({ name })
        await agenda.purge()
        // A schedule may have been written already.
        entryAt = null
      }),
    renew(after) {
      if (isStopping) return
      wanted = after
      writing ??= writeWanted()
    },
    async stop() {
      isStopping = true
      if (writing !== null) await within(queuePatience, writing)
    },
  }
}
