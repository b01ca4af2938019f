import type { Agenda, JobWithState } from 'agenda'
import type { Chore } from '../chore.ts'
import type { Log } from '../log.ts'
import { createUpkeep } from './upkeep.ts'

/** Has each chore done in its time: as an entry of the queue that repeats, so that of several servers one does it. */
export interface Chores {
  /** Has them done from now on. To be called before Agenda begins to work. */
  start(): Promise<void>
  /** Begins none any more, and resolves when those at work have ended. */
  stop(): Promise<void>
}

interface ChoresOptions {
  readonly agenda: Agenda
  readonly log: Log
  /** Of different names. */
  readonly chores: readonly Chore[]
  /** How often the queue is asked whether it still has them, in milliseconds. */
  readonly lookEvery?: number
  /** After how many milliseconds one is done that is new, or was missed while no server was there: a start has enough to do. */
  readonly firstAfter?: number
}

/** By how many milliseconds the clocks of several servers may differ. */
const tolerance = 60_000

export const createChores = (options: ChoresOptions): Chores => {
  const { agenda, log, chores, lookEvery = 30_000, firstAfter = 60_000 } = options
  const stopping = new AbortController()
  const atWork = new Map<string, Promise<void>>()
  let isFirstLook = true
  let timer: NodeJS.Timeout | undefined

  const define = ({ name, work }: Chore) =>
    agenda.define(name, async () => {
      // A queue that was silent for long may have given its entry out once more.
      if (stopping.signal.aborted || atWork.has(name)) return
      const done = work(stopping.signal).finally(() => atWork.delete(name))
      atWork.set(name, done)
      await done
    })
  for (const chore of chores) define(chore)

  /** Whether an entry will have its chore done in time. */
  const isRight = ({ nextRunAt, lockedAt, ...entry }: JobWithState, { every }: Chore): boolean => {
    if (!nextRunAt || entry.disabled || Number(entry.repeatInterval) !== every) return false
    const now = Date.now()
    // Written, or taken, while a clock was ahead.
    const latest = now + every + tolerance
    if (nextRunAt.getTime() > latest || Number(lockedAt) > latest) return false
    if (lockedAt) return true
    const wasCutShort = (entry.lastRunAt?.getTime() ?? 0) > (entry.lastFinishedAt?.getTime() ?? 0)
    const wasMissed = isFirstLook && nextRunAt.getTime() <= now
    return !wasCutShort && !wasMissed
  }

  const renew = async (chore: Chore) => {
    const { name, every } = chore
    const { jobs: entries } = await agenda.queryJobs({ name })
    if (stopping.signal.aborted || (entries.length === 1 && entries.every((entry) => isRight(entry, chore)))) return
    if (entries.length > 0) await agenda.cancel({ name })
    const entry = agenda.create(name, {}).repeatEvery(every)
    entry.attrs.type = 'single'
    await entry.schedule(new Date(Date.now() + firstAfter)).save()
  }

  const upkeep = createUpkeep({
    log,
    async write() {
      for (const chore of chores) await renew(chore)
      isFirstLook = false
    },
    trouble: 'the queue could not be asked for what is done from time to time; that is put off until it can',
  })

  return {
    async start() {
      await upkeep.renew()
      timer = setInterval(() => void upkeep.renew(), lookEvery)
    },
    async stop() {
      stopping.abort()
      clearInterval(timer)
      await Promise.all([upkeep.stop(), Promise.allSettled(atWork.values())])
    },
  }
}
