import { expect, test } from 'vitest'
import type { Task } from '../../../../prisma/generated/client/client.ts'
import { retryJob } from '../../../../server/jobs/records/retry.ts'
import { tasksToRetry } from '../../../../server/jobs/records/tasks-to-retry.ts'
import { taskKinds } from '../../../../server/jobs/tasks/index.ts'
import { completed } from '../../../../server/jobs/tasks/result.ts'
import {
  addJob,
  addRepository,
  createGate,
  failed,
  kindsWith,
  type Run,
  startEngine,
  writeJob,
} from '../../../support/engine.ts'

const hookOf = (name: string, moment: string) => ({
  kind: 'HOOK' as const,
  settings: { hookId: name, name, moment, command: 'true', workingFolder: null, environmentSealed: null },
})

const tasks = [
  hookOf('prepare', 'BEFORE'),
  { kind: 'BACKUP', retries: 0, retryDelay: 5, timeLimit: 9 },
  { kind: 'LIST' },
  { ...hookOf('copy', 'ON_SUCCESS'), condition: 'ON_SUCCESS' },
  { ...hookOf('tidy', 'ALWAYS'), condition: 'ALWAYS', onFailure: 'CONTINUE' },
] as const

const failedJob = { state: 'FAILED', repositoryId: 'there', repositoryName: 'there' } as const
const none = { repositoryId: null, repositoryName: null }

const createUser = async ({ db }: Awaited<ReturnType<typeof startEngine>>['app']) =>
  (await db.user.create({ data: { username: 'anna', passwordHash: 'none' } })).id

/** Runs a job of which the task at a place fails the first time, and then tries that again. */
const retryAfterFailureAt = async (place: number) => {
  let hasFailed = false
  const step: Run = async ({ task }) => {
    if (hasFailed || task.position !== place) return completed
    hasFailed = true
    return failed()
  }
  const engine = await startEngine(kindsWith(step))
  const { app } = engine
  const userId = await createUser(app)
  const settings = { sources: ['/srv'] }
  const id = await addJob(app, await addRepository(app), { kind: 'BACKUP', settings, priority: 'LOW', tasks })
  const before = await engine.jobEnd(id)
  const after = await engine.jobEnd((await retryJob(app, userId, id)).id)
  return { app, before, after, userId }
}

const namesOf = (list: readonly Pick<Task, 'kind' | 'settings'>[]) =>
  list.map(({ kind, settings }) => (settings as { name?: string } | null)?.name ?? kind)

test('a retry does all from the failed task on, and keeps what the job was asked to do', async () => {
  const { app, before, after, userId } = await retryAfterFailureAt(1)
  expect(before.state).toBe('FAILED')
  expect(after).toMatchObject({
    state: 'COMPLETED',
    kind: 'BACKUP',
    priority: 'LOW',
    settings: { sources: ['/srv'] },
    repositoryId: before.repositoryId,
    requestedById: userId,
    retryOfId: before.id,
  })
  expect(namesOf(after.tasks)).toEqual(['prepare', 'BACKUP', 'LIST', 'copy', 'tidy'])
  expect(after.tasks[1]).toMatchObject({ attempt: 1, retries: 0, retryDelay: 5, timeLimit: 9 })
  expect(after.tasks[4]).toMatchObject({ condition: 'ALWAYS', onFailure: 'CONTINUE' })
  const records = await app.db.job.findUniqueOrThrow({ where: { id: before.id }, include: { retries: true } })
  expect(records.retries.map(({ id }) => id)).toEqual([after.id])
})

test('a retry does not repeat a backup that was made, but prepares again and reads the list', async () => {
  const { after } = await retryAfterFailureAt(3)
  expect(after.state).toBe('COMPLETED')
  expect(namesOf(after.tasks)).toEqual(['prepare', 'LIST', 'copy', 'tidy'])
})

test('a task whose failure was only a warning is not what a retry begins with', () => {
  const list = tasks.map((task, position) => ({
    condition: 'UNLESS_FAILED',
    onFailure: 'STOP',
    ...none,
    ...task,
    state: position === 0 || position === 3 ? 'FAILED' : 'COMPLETED',
    ...(position === 0 && { onFailure: 'CONTINUE' }),
  }))
  expect(tasksToRetry(taskKinds, failedJob, list as unknown as Task[]).map(({ kind }) => kind)).toEqual([
    'HOOK',
    'LIST',
    'HOOK',
    'HOOK',
  ])
})

test('a retry after a stop of what is only a warning does not back up again', () => {
  const list = (states: readonly string[]) =>
    tasks.map((task, position) => ({
      condition: 'UNLESS_FAILED',
      ...none,
      ...task,
      onFailure: position > 2 ? 'CONTINUE' : 'STOP',
      state: states[position] ?? 'COMPLETED',
    }))
  const kindsOf = (...states: string[]) =>
    tasksToRetry(taskKinds, failedJob, list(states) as unknown as Task[]).map(({ kind }) => kind)
  const done = 'COMPLETED'
  expect(kindsOf(done, done, done, done, 'CANCELLED')).toEqual(['HOOK', 'LIST', 'HOOK'])
  expect(kindsOf(done, done, done, 'SKIPPED', 'INTERRUPTED')).toEqual(['HOOK', 'LIST', 'HOOK', 'HOOK'])
})

test('a retry keeps to the limits of the schedule that its job is a run of, and is one at a time', async () => {
  const gate = createGate()
  const engine = await startEngine(kindsWith(gate.run))
  const { app } = engine
  const userId = await createUser(app)
  const repository = await addRepository(app)
  const { id: scheduleId } = await app.db.schedule.create({
    data: {
      ...{ name: 'daily', action: 'REFRESH_ARCHIVES', repositoryId: repository.id, cron: '@daily', timeZone: 'UTC' },
    },
  })
  const [scheduledFor, finishedAt] = [new Date(0), new Date()]
  const columns = { scheduleId, scheduledFor, maxDuration: 3600, state: 'FAILED', finishedAt } as const
  const id = await writeJob(app, repository, columns)

  const results = await Promise.allSettled([retryJob(app, userId, id), retryJob(app, userId, id)])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const { retries } = await app.db.job.findUniqueOrThrow({ where: { id }, include: { retries: true } })
  expect(retries).toMatchObject([{ scheduleId, scheduledFor: null, maxDuration: 3600 }])
  await expect(retryJob(app, userId, id)).rejects.toThrow('It is being tried again already.')
  const retryId = retries[0]?.id ?? ''
  gate.open(retryId)
  await engine.jobEnd(retryId)
  const again = await retryJob(app, userId, id)
  gate.open(again.id)
  await engine.jobEnd(again.id)
})

test('only what failed or was stopped can be tried again, while its repository is there and can be used', async () => {
  const gate = createGate()
  const engine = await startEngine(kindsWith(gate.run))
  const { app } = engine
  const userId = await createUser(app)
  const repository = await addRepository(app)
  const id = await addJob(app, repository, { kind: 'BACKUP' })
  await gate.begun(id)
  await expect(retryJob(app, userId, id)).rejects.toThrow(
    'The job cannot be tried again. Only a job that failed or was stopped can be tried again.',
  )
  gate.open(id)
  await engine.jobEnd(id)
  await expect(retryJob(app, userId, id)).rejects.toThrow('Only a job that failed or was stopped')
  await expect(retryJob(app, userId, 'nothing')).rejects.toThrow('There is no job with this id.')

  await app.db.job.update({ where: { id }, data: { state: 'INTERRUPTED' } })
  await app.db.repository.update({ where: { id: repository.id }, data: { state: 'FAILED', problem: 'It is gone.' } })
  await expect(retryJob(app, userId, id)).rejects.toThrow('The repository cannot be used now. It is gone.')
  await app.db.repository.delete({ where: { id: repository.id } })
  await expect(retryJob(app, userId, id)).rejects.toThrow('Its repository was removed.')
  const job = await app.db.job.findUniqueOrThrow({ where: { id }, include: { tasks: true } })
  expect(tasksToRetry(taskKinds, job, job.tasks)).toEqual([])
  expect(tasksToRetry(taskKinds, { ...job, repositoryId: 'there' }, job.tasks)).toHaveLength(1)
})
