import type { Agenda } from 'agenda'
import type { App } from '../app.ts'
import { queuePatience } from '../jobs/queue.ts'
import { within } from '../jobs/within.ts'

/**
 * The queue's entries that wake schedules up. They follow from the rows: while the queue cannot be written, those that are
 * missing are left to `align`, and whoever looks for what is due finds it without them. So nobody waits for the queue, which
 * may be far away or gone.
 */
export interface WakeUps {
  /** Has an enabled schedule whose entry has gone off woken up at its next time. */
  add(scheduleId: string): void
  /** Has schedules that were written or removed woken up at their new time only. */
  replace(scheduleIds: readonly string[]): void
  /** Says that something came due which no entry announced: the queue may have lost entries. */
  doubt(): void
  /**
   * Leaves one entry at most for each enabled schedule that runs after a moment, and begins to add those that are missing:
   * with thousands that takes a while. Does so the first time, and where the queue may not hold what it should since.
   */
  align(after: Date): Promise<void>
  /** Adds nothing more, and resolves when what was begun is written, or could not be in time. */
  stop(): Promise<void>
}

interface WakeUpsOptions extends Pick<App, 'db' | 'log'> {
  readonly agenda: Agenda
  /** Is called at the time. */
  readonly wake: (scheduleId: string) => void
}

interface Trigger {
  readonly scheduleId: string
}

const name = 'run schedule'

/** Missing entries whose rows are read at once: the later ones may run meanwhile. */
const portion = 100

/**
 * Milliseconds until the entry of a schedule that has just run is written: what is due together with it comes first. Cron
 * has runs a minute apart; what comes sooner, by jitter, is late by as much at most.
 */
const addDelay = 2_000

export const createWakeUps = ({ db, log, agenda, wake }: WakeUpsOptions): WakeUps => {
  /** Whether the queue holds what it should, as far as is known. */
  let isAligned = false
  let isFirst = true
  let isTroubled = false
  let isStopping = false
  let aligning: Promise<void> | null = null
  let adding: Promise<void> | null = null
  /** The schedules whose entries are to be written, and whether there may be one for another time. */
  const changed = new Map<string, boolean>()
  let writing: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined

  agenda.define<Trigger>(name, async (entry) => wake(entry.attrs.data.scheduleId))
  agenda.on('error', () => {
    isAligned = false
  })

  const orAlignLater = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      isAligned = false
      if (isTroubled || isStopping) return
      isTroubled = true
      log.error({ err: error }, 'the queue could not be told when schedules run; they are looked through meanwhile')
    }
  }

  const addEntries = async (scheduleIds: readonly string[]) => {
    const rows = await db.schedule.findMany({
      where: { id: { in: [...scheduleIds] }, isEnabled: true },
      orderBy: { nextRunAt: 'asc' },
      select: { id: true, nextRunAt: true },
    })
    for (const { id, nextRunAt } of rows) {
      if (isStopping || !isAligned) return
      if (nextRunAt) await agenda.schedule<Trigger>(nextRunAt, name, { scheduleId: id })
    }
  }

  /** One question and one order, however many they are. What is locked is about to go off, and does nothing then. */
  const removeEntries = async (scheduleIds: readonly string[]) => {
    const [first, ...others] = scheduleIds
    if (first === undefined) return
    const wanted = new Set(scheduleIds)
    const { jobs } = await agenda.queryJobs({ name, ...(others.length === 0 && { data: { scheduleId: first } }) })
    const found = jobs.filter(({ data, lockedAt }) => !lockedAt && wanted.has((data as Trigger).scheduleId))
    if (found.length > 0) await agenda.cancel({ ids: found.map(({ _id }) => String(_id)) })
  }

  const writeChanged = async () => {
    while (changed.size > 0 && isAligned && !isStopping) {
      const scheduleIds = [...changed.keys()]
      const written = scheduleIds.filter((id) => changed.get(id))
      changed.clear()
      await orAlignLater(async () => {
        await removeEntries(written)
        await addEntries(scheduleIds)
      })
    }
    changed.clear()
    writing = null
  }

  const begin = () => {
    clearTimeout(timer)
    timer = undefined
    writing ??= writeChanged()
  }

  const note = (scheduleIds: readonly string[], isWritten: boolean) => {
    // What is to be aligned is compared with the rows as they are then.
    if (!isAligned || isStopping) return
    for (const id of scheduleIds) changed.set(id, isWritten || changed.get(id) === true)
    if (isWritten) begin()
    else timer ??= setTimeout(begin, addDelay)
  }

  /** Removes what is too much. The schedules that have no entry. */
  const findMissing = async (after: Date): Promise<readonly string[]> => {
    // Makes the tables, where somebody has removed them.
    await agenda.db.connect()
    // Before the rows: what is added meanwhile must not look like too much, and once too often does no harm.
    const { jobs: entries } = await agenda.queryJobs({ name })
    const rows = await db.schedule.findMany({
      where: { isEnabled: true, nextRunAt: { gt: after } },
      orderBy: { nextRunAt: 'asc' },
      select: { id: true, nextRunAt: true },
    })
    const missing = new Map(rows.map(({ id, nextRunAt }) => [id, nextRunAt?.getTime()]))
    const superfluous: string[] = []
    for (const { _id, data, nextRunAt, lockedAt } of entries) {
      const { scheduleId } = data as Trigger
      // One that is locked before the start was taken by a server that is gone.
      const isLost = isFirst && lockedAt
      if (!isLost && nextRunAt && missing.get(scheduleId) === nextRunAt.getTime()) missing.delete(scheduleId)
      else if (_id && (isFirst || !lockedAt)) superfluous.push(String(_id))
    }
    if (superfluous.length > 0) await agenda.cancel({ ids: superfluous })
    isFirst = false
    return [...missing.keys()]
  }

  const addMissing = async (scheduleIds: readonly string[]) => {
    for (let start = 0; start < scheduleIds.length && isAligned && !isStopping; start += portion) {
      await orAlignLater(() => addEntries(scheduleIds.slice(start, start + portion)))
    }
  }

  const align = async (after: Date) => {
    // Before it is so: what fails meanwhile has it done again.
    isAligned = true
    await orAlignLater(async () => {
      const missing = await findMissing(after)
      isTroubled = false
      adding = addMissing(missing).finally(() => {
        adding = null
      })
    })
  }

  return {
    add: (scheduleId) => note([scheduleId], false),
    replace: (scheduleIds) => note(scheduleIds, true),
    doubt() {
      // What is being written just came too late.
      if (adding === null && writing === null && timer === undefined) isAligned = false
    },
    async align(after) {
      if (isStopping || isAligned || adding !== null) return
      aligning ??= align(after).finally(() => {
        aligning = null
      })
      await aligning
    },
    async stop() {
      isStopping = true
      clearTimeout(timer)
      await within(queuePatience, Promise.all([aligning, adding, writing]))
    },
  }
}
