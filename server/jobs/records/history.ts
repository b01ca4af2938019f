import { setTimeout as delay } from 'node:timers/promises'
import type { JobKind, Prisma } from '../../../prisma/generated/client/client.ts'
import type { Chore } from '../../chore.ts'
import type { Database } from '../../database/client.ts'
import type { Events } from '../../events.ts'
import type { Log } from '../../log.ts'
import { outputSizes } from '../output/sizes.ts'
import { firstIdAt } from './filter.ts'
import { readHistoryLimits, theHistory } from './history-limits.ts'
import type { JobKinds } from './kind-definition.ts'
import { newestJob } from './list.ts'
import { repositoriesOf } from './task-repositories.ts'

/** Removes what is over the limits of the history. */
export interface History {
  /** Has it done once an hour. */
  readonly chore: Chore
  /** Has it done now, or once more where it is being done. Resolves when nothing over the limits is left, or the server stops. */
  tidy(): Promise<void>
  /** Begins nothing any more, and resolves when what is at work has come to the end of its step. */
  stop(): Promise<void>
}

const hour = 3_600_000
const day = 24 * hour

/** Jobs, tasks or chunks that go in one write: it takes some milliseconds, in which nobody else is served. */
const batchSize = 100

/** Bytes of output that a task may have to go together with others. */
const smallOutput = 64 * 1024

/** Problems with files that a task may have to go together with others. */
const fewProblems = 100

/** What says whether a job may go. */
interface Removable {
  readonly id: string
  readonly kind: JobKind
  readonly planId: string | null
  readonly repositoryId: string | null
  readonly tasks: readonly { readonly repositoryId: string | null }[]
}

interface HistoryOptions {
  readonly db: Database
  readonly events: Events
  readonly log: Log
  readonly kinds: JobKinds
}

export const createHistory = ({ db, events, log, kinds }: HistoryOptions): History => {
  let isStopping = false
  let current: Promise<void> | null = null
  let isAskedAgain = false

  /** Does one step, and leaves as much time to others as it took. */
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    const begin = performance.now()
    const result = await work()
    await delay(Math.max(5, performance.now() - begin))
    return result
  }

  /** Whether a job is to be kept as the newest of its kind, of its plan or of its repository. What was once not the newest never is again. */
  const createKeeper = () => {
    const newest = new Map<string, string>()
    const isNewest = async ({ id, kind }: Removable, owner: { planId: string } | { repositoryId: string }) => {
      const key = JSON.stringify({ kind, ...owner })
      if (id < (newest.get(key) ?? '')) return false
      const job = await newestJob(db, {}, { ...owner, kinds: [kind] })
      newest.set(key, job?.id ?? '')
      return job?.id === id
    }
    return async (job: Removable) => {
      if (!kinds[job.kind].isKept) return false
      if (job.planId !== null && (await isNewest(job, { planId: job.planId }))) return true
      for (const repositoryId of repositoriesOf(job)) if (await isNewest(job, { repositoryId })) return true
      return false
    }
  }

  /** Removes the output of one task in several writes. */
  const removeLargeOutput = async (taskId: string) => {
    // First: from now on it is not to be read. The size stays until the end, so that what is left over is found again.
    await db.task.update({ where: { id: taskId }, data: { outputRemovedAt: new Date() }, select: { id: true } })
    while (!isStopping) {
      const chunks = await db.outputChunk.findMany({
        where: { taskId },
        orderBy: { first: 'asc' },
        take: batchSize,
        select: { first: true },
      })
      const last = chunks.at(-1)
      if (last === undefined) break
      await step(() => db.outputChunk.deleteMany({ where: { taskId, first: { lte: last.first } } }))
    }
    if (!isStopping) await db.task.update({ where: { id: taskId }, data: { outputSize: 0 }, select: { id: true } })
  }

  const removeFileProblems = async (taskId: string, count: number) => {
    for (let below = batchSize; below < count && !isStopping; below += batchSize) {
      await step(() => db.fileProblem.deleteMany({ where: { taskId, position: { lt: below } } }))
    }
  }

  /** Removes the oldest of some jobs that have ended, at most so many. Gives their number. */
  const removeJobs = async (where: Prisma.JobWhereInput, most: number): Promise<number> => {
    const isKept = createKeeper()
    let after = ''
    let removed = 0
    while (removed < most && !isStopping) {
      const jobs = await db.job.findMany({
        where: {
          AND: [where, { id: { gt: after }, finishedAt: { not: null } }],
        },
        orderBy: { id: 'asc' },
        take: Math.min(batchSize, most - removed),
        select: {
          id: true,
          kind: true,
          planId: true,
          repositoryId: true,
          tasks: { select: { id: true, repositoryId: true, outputSize: true, fileProblemCount: true } },
        },
      })
      const last = jobs.at(-1)
      if (last === undefined) break
      after = last.id
      const ids: string[] = []
      for (const job of jobs) {
        if (await isKept(job)) continue
        ids.push(job.id)
        for (const task of job.tasks) {
          if (task.outputSize > smallOutput) await removeLargeOutput(task.id)
          if (task.fileProblemCount > fewProblems) await removeFileProblems(task.id, task.fileProblemCount)
        }
      }
      if (isStopping) break
      const { count } = await step(() => db.job.deleteMany({ where: { id: { in: ids } } }))
      removed += count
    }
    return removed
  }

  /** Removes the output of the oldest tasks whose jobs have ended, until so many bytes are gone. Gives their number. */
  const removeOutputs = async (firstId: string | null, excess: bigint): Promise<number> => {
    let left = excess
    let from = firstId
    let removed = 0
    while (from !== null && left > 0n && !isStopping) {
      const tasks = await db.task.findMany({
        where: { id: { gte: from }, outputSize: { gt: 0 } },
        orderBy: { id: 'asc' },
        take: batchSize + 1,
        select: { id: true, outputSize: true, job: { select: { finishedAt: true } } },
      })
      const small: string[] = []
      for (const { id, outputSize, job } of tasks.slice(0, batchSize)) {
        if (left <= 0n || isStopping) break
        if (job.finishedAt === null) continue
        left -= outputSize
        removed += 1
        if (outputSize > smallOutput) await removeLargeOutput(id)
        else small.push(id)
      }
      if (isStopping) break
      const taskId = { in: small }
      await step(() =>
        db.$transaction([
          db.outputChunk.deleteMany({ where: { taskId } }),
          db.task.updateMany({ where: { id: taskId }, data: { outputRemovedAt: new Date(), outputSize: 0 } }),
        ]),
      )
      from = tasks[batchSize]?.id ?? null
    }
    return removed
  }

  const tidyOnce = async () => {
    const { historyDays, historyJobs, outputBytes } = await readHistoryLimits(db)
    let jobs = 0
    let outputs = 0
    try {
      if (historyDays !== null) {
        const before = new Date(Date.now() - historyDays * day)
        // Whatever ended before then was made before then.
        jobs += await removeJobs({ id: { lt: firstIdAt(before.getTime()) }, finishedAt: { lt: before } }, Infinity)
      }
      if (historyJobs !== null) jobs += await removeJobs({}, (await db.job.count()) - historyJobs)
      if (outputBytes !== null) {
        const { total, firstId } = await outputSizes(db)
        outputs = await removeOutputs(firstId, total - outputBytes)
      }
    } finally {
      if (jobs + outputs > 0) {
        log.info({ jobs, outputs }, 'removed what is over the limits of the history')
        events.publish('history:changed', theHistory)
      }
    }
  }

  const tidyUntilDone = async () => {
    do {
      isAskedAgain = false
      try {
        await tidyOnce()
      } catch (error) {
        log.error(
          { err: error },
          'what is over the limits of the history could not be removed; trying again in an hour',
        )
      }
    } while (isAskedAgain && !isStopping)
  }

  const tidy = async () => {
    if (isStopping) return
    isAskedAgain = true
    current ??= tidyUntilDone().finally(() => {
      current = null
    })
    await current
  }

  return {
    tidy,
    chore: { name: 'tidy the history', every: hour, work: tidy },
    async stop() {
      isStopping = true
      await current
    },
  }
}
