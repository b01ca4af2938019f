import type { Agenda } from 'agenda'
import type { App } from '../app.ts'

/**
 * The queue's entries that wake schedules up. They follow from the rows: while the queue cannot be written, those that are
 * missing are left to `align`, and whoever looks for what is due finds it without them.
 */
export interface WakeUps {
  /** Has an enabled schedule woken up at its next time. */
  add(scheduleId: string): Promise<void>
  /** Has schedules that were written or removed woken up at their new time only. */
  replace(scheduleIds: readonly string[]): Promise<void>
  /**
   * Leaves one entry at most for each enabled schedule that waits, and begins to add those that are missing: with thousands
   * that takes a while. Does so the first time, and where something could not be written since.
   */
  align(): Promise<void>
  /** Adds nothing more, and resolves when what was begun is written. */
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

export const createWakeUps = ({ db, log, agenda, wake }: WakeUpsOptions): WakeUps => {
  /** Whether the queue holds what it should, as far as is known. */
  let isAligned = false
  let isFirst = true
  let isStopping = false
  let adding: Promise<void> | null = null

  agenda.define<Trigger>(name, async (entry) => wake(entry.attrs.data.scheduleId))

  const orAlignLater = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      isAligned = false
      log.error({ err: error }, 'the queue could not be told when schedules run; they are looked through meanwhile')
    }
  }

  const addEntry = async (scheduleId: string) => {
    const row = await db.schedule.findUnique({
      where: { id: scheduleId },
      select: { isEnabled: true, nextRunAt: true },
    })
    if (row?.isEnabled && row.nextRunAt) await agenda.schedule<Trigger>(row.nextRunAt, name, { scheduleId })
  }

  /** Removes what is too much. The schedules that have no entry. */
  const findMissing = async (): Promise<readonly string[]> => {
    // Before the rows: what is added meanwhile must not look like too much, and once too often does no harm.
    const { jobs: entries } = await agenda.queryJobs({ name })
    const rows = await db.schedule.findMany({
      where: { isEnabled: true, nextRunAt: { gt: new Date() } },
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

  const addAll = async (scheduleIds: readonly string[]) => {
    for (const scheduleId of scheduleIds) {
      if (isStopping || !isAligned) break
      await orAlignLater(() => addEntry(scheduleId))
    }
  }

  return {
    async add(scheduleId) {
      if (isAligned && !isStopping) await orAlignLater(() => addEntry(scheduleId))
    },
    async replace(scheduleIds) {
      await orAlignLater(async () => {
        for (const scheduleId of scheduleIds) {
          await agenda.cancel({ name, data: { scheduleId } })
          await addEntry(scheduleId)
        }
      })
    },
    async align() {
      if (isStopping || isAligned || adding !== null) return
      // Before it is so: what fails meanwhile has it done again.
      isAligned = true
      await orAlignLater(async () => {
        adding = addAll(await findMissing()).finally(() => {
          adding = null
        })
      })
    },
    async stop() {
      isStopping = true
      await adding
    },
  }
}
