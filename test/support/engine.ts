import { hostname } from 'node:os'
import type { Job, Prisma, Repository, Task, TaskKind } from '../../prisma/generated/client/client.ts'
import type { App } from '../../server/app.ts'
import { createEvents } from '../../server/events.ts'
import { createJobs } from '../../server/jobs/engine/jobs.ts'
import { announceJob } from '../../server/jobs/records/create.ts'
import type { NewTask, TaskContext, TaskKinds, TaskResult } from '../../server/jobs/records/kind-definition.ts'
import { taskKinds } from '../../server/jobs/tasks/index.ts'
import { completed } from '../../server/jobs/tasks/result.ts'
import { createApp } from './app.ts'
import { cleanUpAfter } from './cleanup.ts'
import { waitFor } from './wait-for.ts'

export type JobWithTasks = Job & { readonly tasks: readonly Task[] }

/** The job engine on records of its own, with steps that a test says. */
export interface Engine {
  readonly app: App
  /** The job, as soon as `condition` holds. */
  jobWhere(id: string, condition: (job: JobWithTasks) => boolean): Promise<JobWithTasks>
  /** The job, as soon as it has ended. */
  jobEnd(id: string): Promise<JobWithTasks>
  /** Stops the engine as a server does that is told to. */
  stop(grace?: number): Promise<void>
}

/** What a task does. */
export type Run = (context: TaskContext) => Promise<TaskResult>

/** The kinds that there are, all of which do the same, but for those of which something else is said. */
export const kindsWith = (run: Run, others: Partial<Record<TaskKind, Run>> = {}): TaskKinds => {
  const kinds = Object.entries(taskKinds).map(([id, kind]) => [id, { ...kind, run: others[id as TaskKind] ?? run }])
  return Object.fromEntries(kinds)
}

export const failed = (problem = 'It did not work.'): TaskResult => ({
  state: 'FAILED',
  problem,
  isRepositoryOpened: false,
})

/** A step that goes on until it is told to end, and what tells and asks it. */
export const createGate = () => {
  const begun = new Map<string, PromiseWithResolvers<void>>()
  const opened = new Map<string, PromiseWithResolvers<void>>()
  const of = (map: typeof begun, jobId: string) => {
    const found = map.get(jobId) ?? Promise.withResolvers<void>()
    map.set(jobId, found)
    return found
  }
  const run: Run = async ({ job, signal }) => {
    of(begun, job.id).resolve()
    const aborted = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => aborted.resolve(), { once: true })
    if (signal.aborted) aborted.resolve()
    await Promise.race([of(opened, job.id).promise, aborted.promise])
    return signal.aborted ? { ...failed('It was ended.'), isRepositoryOpened: true } : completed
  }
  return {
    run,
    /** Resolves when a task of the job is at work. */
    begun: (jobId: string) => of(begun, jobId).promise,
    /** Lets the job's tasks end. */
    open: (jobId: string) => of(opened, jobId).resolve(),
  }
}

/** Starts an engine; on the records of another one, where its app is given. Stopped after the test. */
export const startEngine = async (
  tasks: TaskKinds,
  sharing?: App,
  { lookEvery = 30_000 }: { lookEvery?: number } = {},
): Promise<Engine> => {
  const base = sharing ?? (await createApp()).app
  const events = createEvents()
  const { db } = base
  const { id: serverId } = await db.server.create({ data: { host: hostname(), pid: process.pid } })
  const kinds = { ...base.kinds, tasks }
  const jobs = createJobs({ ...base, events, serverId, kinds, lookEvery })
  const app: App = { ...base, events, kinds, jobs }
  await jobs.start()
  let stopped: Promise<void> | undefined
  const stop = async (grace = 0) => {
    stopped ??= jobs.stop(grace)
    await stopped
  }
  cleanUpAfter(() => stop())

  const read = (id: string): Promise<JobWithTasks> =>
    db.job.findUniqueOrThrow({ where: { id }, include: { tasks: { orderBy: { position: 'asc' } } } })
  async function* versions(id: string) {
    const changes = await events.watch('job:changed', id)
    try {
      yield await read(id)
      for await (const _ of changes) yield await read(id)
    } finally {
      await changes.return?.()
    }
  }
  const jobWhere = (id: string, condition: (job: JobWithTasks) => boolean) => waitFor(versions(id), condition)
  const jobEnd = (id: string) => jobWhere(id, ({ finishedAt }) => finishedAt !== null)
  return { app, jobWhere, jobEnd, stop }
}

let repositoryCount = 0

/** A repository that can be used, as far as the records know. */
export const addRepository = ({ db }: Pick<App, 'db'>): Promise<Repository> => {
  repositoryCount += 1
  const name = `repository ${repositoryCount}`
  return db.repository.create({ data: { name, location: `/nowhere/${repositoryCount}`, state: 'READY' } })
}

/** What a test says of a job. */
export type JobInput = Partial<Omit<Prisma.JobUncheckedCreateInput, 'tasks'>> & { readonly tasks?: readonly NewTask[] }

/** Writes a job down, of one LIST task unless the test says otherwise, without having it run. */
export const writeJob = async (
  { db }: Pick<App, 'db'>,
  repository: Repository,
  input: JobInput = {},
): Promise<string> => {
  const { tasks = [{ kind: 'LIST' }], ...columns } = input
  const { id } = await db.job.create({
    data: {
      kind: 'REFRESH_ARCHIVES',
      repositoryId: repository.id,
      repositoryName: repository.name,
      settings: {},
      ...columns,
      tasks: { create: tasks.map((task, position) => ({ ...task, position })) },
    },
    select: { id: true },
  })
  return id
}

/** Writes a job down and has it run. */
export const addJob = async (app: App, repository: Repository, input: JobInput = {}): Promise<string> => {
  const id = await writeJob(app, repository, input)
  announceJob(app, id)
  return id
}
