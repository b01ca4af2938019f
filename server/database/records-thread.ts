import { Worker } from 'node:worker_threads'
import { RecordsUnusable } from './errors.ts'
import type { RecordsWork } from './records-worker.ts'

/** Work on the records in a thread of its own. */
export interface Aside {
  /** Rejects with `RecordsUnusable`; with nothing where it was ended before. */
  readonly done: Promise<void>
  /** Ends it, and resolves when it has ended. */
  end(): Promise<void>
}

/** Copies records, or checks all of them, while the server goes on. */
export const workAside = (work: RecordsWork): Aside => {
  const { promise: done, resolve, reject } = Promise.withResolvers<void>()
  const worker = new Worker(new URL('./records-worker.ts', import.meta.url), { workerData: work })
  worker.once('message', (problem: string | null) => {
    if (problem === null) resolve()
    else reject(new RecordsUnusable(problem))
  })
  worker.once('error', reject)
  worker.once('exit', () => resolve())
  return { done, end: async () => void (await worker.terminate()) }
}
