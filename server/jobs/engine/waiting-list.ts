import { chunk } from 'es-toolkit/array/chunk'
import type { Database } from '../../database/client.ts'
import type { Events } from '../../events.ts'
import type { Kinds } from '../records/kind-definition.ts'
import { firstLease, leaseFor } from '../records/leases.ts'
import type { QueueSettings } from '../records/queue-settings.ts'
import { waitingStates } from '../records/states.ts'
import type { Reason, WaitingJob } from './dispatcher.ts'
import { deadlineOf } from './run-job.ts'
import { waitingWords } from './waiting-words.ts'

/** Rows that one statement reads or writes at most. */
const batchSize = 500

/** The jobs that wait, as one server knows them: rebuilt from the records, which are the truth. */
export interface WaitingList {
  /** In no order. */
  readonly jobs: Iterable<WaitingJob>
  /** The ids of the jobs that wait by the records and are not known here. */
  find(): Promise<readonly string[]>
  /** Has a job read with the next `refresh`: it may wait now, wait no more, or wait for something else. */
  note(jobId: string): void
  remove(jobId: string): void
  /** Reads all jobs that were noted. */
  refresh(): Promise<void>
  /** Writes down what jobs wait for, where that is not known yet. */
  show(reasons: ReadonlyMap<WaitingJob, Reason>, settings: QueueSettings): Promise<void>
}

interface Entry extends WaitingJob {
  /** What the records say that it waits for; null where they do not. */
  shown: string | null
}

interface WaitingListOptions {
  readonly db: Database
  readonly events: Events
  readonly kinds: Kinds
}

export const createWaitingList = ({ db, events, kinds }: WaitingListOptions): WaitingList => {
  const entries = new Map<string, Entry>()
  const noted = new Set<string>()

  const read = async (ids: string[]): Promise<Entry[]> => {
    const rows = await db.job.findMany({
      where: { id: { in: ids }, state: { in: [...waitingStates] } },
      include: {
        tasks: {
          where: { finishedAt: null },
          select: { kind: true, repositoryId: true },
          orderBy: { position: 'asc' },
        },
      },
    })
    return rows.map((row) => {
      const { id, kind, state, priority, notBefore, cancelRequestedAt, tasks } = row
      return {
        id,
        kind,
        priority,
        limit: kinds.jobs[kind].limit,
        lease: firstLease(kinds.tasks, row, tasks),
        isLeasedAtOnce: leaseFor(kinds.tasks, row, tasks) !== null,
        notBefore: notBefore?.getTime() ?? null,
        deadline: deadlineOf(row),
        isCancelled: cancelRequestedAt !== null,
        shown: state === 'QUEUED' ? row.waitingFor : null,
      }
    })
  }

  return {
    get jobs() {
      return entries.values()
    },
    async find() {
      const found = await db.job.findMany({ where: { state: { in: [...waitingStates] } }, select: { id: true } })
      return found.flatMap(({ id }) => (entries.has(id) ? [] : id))
    },
    note(jobId) {
      noted.add(jobId)
    },
    remove(jobId) {
      entries.delete(jobId)
    },
    async refresh() {
      for (const ids of chunk([...noted], batchSize)) {
        for (const id of ids) noted.delete(id)
        try {
          const found = await read(ids)
          for (const id of ids) entries.delete(id)
          for (const entry of found) entries.set(entry.id, entry)
        } catch (error) {
          for (const id of ids) noted.add(id)
          throw error
        }
      }
    },
    async show(reasons, settings) {
      const idsByWords = new Map<string, string[]>()
      for (const [{ id }, reason] of reasons) {
        const words = waitingWords(reason, settings)
        if (entries.get(id)?.shown === words) continue
        const ids = idsByWords.get(words)
        if (ids) ids.push(id)
        else idsByWords.set(words, [id])
      }
      for (const [waitingFor, all] of idsByWords) {
        for (const ids of chunk(all, batchSize)) {
          await db.job.updateMany({
            where: { id: { in: ids }, state: { in: [...waitingStates] } },
            data: { state: 'QUEUED', waitingFor },
          })
          for (const id of ids) {
            const entry = entries.get(id)
            if (entry) entry.shown = waitingFor
            events.publish('job:changed', id)
          }
        }
      }
    },
  }
}
