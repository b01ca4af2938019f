import { expect, test } from 'vitest'
import type { Repository } from '../../../../prisma/generated/client/client.ts'
import { countJobs, readJobs } from '../../../../server/jobs/records/list.ts'
import { retryJob } from '../../../../server/jobs/records/retry.ts'
import { completed } from '../../../../server/jobs/tasks/result.ts'
import { deleteRepository } from '../../../../server/repositories/service.ts'
import {
  addJob,
  addRepository,
  createGate,
  failed,
  type JobInput,
  type JobWithTasks,
  kindsWith,
  type Run,
  startEngine,
  writeJob,
} from '../../../support/engine.ts'

const none = { repositoryId: null, repositoryName: null }
const on = ({ id, name }: Repository) => ({ repositoryId: id, repositoryName: name })

/** A job like that of a plan with two repositories: hooks around everything, and a backup and a list for each. */
const jobOnBoth = (one: Repository, two: Repository): JobInput => ({
  kind: 'BACKUP',
  ...none,
  tasks: [
    { kind: 'HOOK' },
    { kind: 'BACKUP', ...on(one), retries: 0 },
    { kind: 'LIST', ...on(one) },
    { kind: 'BACKUP', ...on(two) },
    { kind: 'LIST', ...on(two) },
    { kind: 'HOOK', condition: 'ON_SUCCESS' },
    { kind: 'HOOK', condition: 'ALWAYS', onFailure: 'CONTINUE' },
  ],
})

const statesOf = ({ tasks }: JobWithTasks) => tasks.map(({ state }) => state)

/** Of which repository there is which lease while a task runs. */
const noting = (fails: (repositoryId: string | null, position: number) => boolean = () => false) => {
  const seen: string[] = []
  const run: Run = async ({ app, job, task }) => {
    const leases = await app.db.lease.findMany({ where: { jobId: job.id }, include: { repository: true } })
    seen.push([task.kind, ...leases.map(({ repository, mode }) => `${mode} ${repository.name}`)].join(' '))
    return fails(task.repositoryId, task.position) ? failed(`Task ${task.position} did not work.`) : completed
  }
  return { seen, run }
}

test('a job on several repositories has the lease of one after the other, and none for what is around them', async () => {
  const { seen, run } = noting()
  const engine = await startEngine(kindsWith(run))
  const { app } = engine
  const [one, two] = [await addRepository(app), await addRepository(app)]
  const id = await addJob(app, one, jobOnBoth(one, two))
  expect(await engine.jobEnd(id)).toMatchObject({ state: 'COMPLETED', problem: null })
  expect(seen).toEqual([
    'HOOK',
    ...[`BACKUP WRITE ${one.name}`, `LIST WRITE ${one.name}`],
    ...[`BACKUP WRITE ${two.name}`, `LIST WRITE ${two.name}`],
    ...['HOOK', 'HOOK'],
  ])
  expect(await app.db.lease.count()).toBe(0)
})

test('a failure on one repository skips what depends on it, and nothing of the others', async () => {
  const { run } = noting((_, position) => position === 1)
  const engine = await startEngine(kindsWith(run))
  const { app } = engine
  const [one, two] = [await addRepository(app), await addRepository(app)]
  const job = await engine.jobEnd(await addJob(app, one, jobOnBoth(one, two)))
  expect(job).toMatchObject({ state: 'FAILED', problem: 'Task 1 did not work.' })
  const [done, left] = ['COMPLETED', 'SKIPPED']
  expect(statesOf(job)).toEqual([done, 'FAILED', left, done, done, left, done])
})

test('what fails before all of them, and what a person cancels, is for all of them', async () => {
  const hookFails = noting((_, position) => position === 0)
  const engine = await startEngine(kindsWith(hookFails.run))
  const { app } = engine
  const [one, two] = [await addRepository(app), await addRepository(app)]
  const job = await engine.jobEnd(await addJob(app, one, jobOnBoth(one, two)))
  expect(statesOf(job)).toEqual(['FAILED', ...Array(5).fill('SKIPPED'), 'COMPLETED'])
  const waiting = await writeJob(app, one, { ...jobOnBoth(one, two), cancelRequestedAt: new Date() })
  app.jobs.cancel(waiting)
  expect(statesOf(await engine.jobEnd(waiting))).toEqual([...Array(6).fill('SKIPPED'), 'COMPLETED'])
})

test('a try again on one repository holds up no other, and the rest waits for it', async () => {
  let tries = 0
  const { run } = noting((_, position) => position === 1 && tries++ === 0)
  const engine = await startEngine(kindsWith(run))
  const { app } = engine
  const [one, two] = [await addRepository(app), await addRepository(app)]
  const { tasks = [], ...job } = jobOnBoth(one, two)
  const patient = tasks.map((task) => ({ ...task, retries: 1, retryDelay: 0 }))
  const id = await addJob(app, one, { ...job, tasks: patient })
  const between = await engine.jobWhere(id, ({ notBefore }) => notBefore !== null)
  const [done, waits] = ['COMPLETED', 'PENDING']
  expect(statesOf(between)).toEqual([done, 'QUEUED', waits, done, done, waits, waits])
  const end = await engine.jobEnd(id)
  expect(end.state).toBe('COMPLETED')
  expect(end.tasks.map(({ attempt }) => attempt)).toEqual([1, 2, 1, 1, 1, 1, 1])
})

test('a retry does again what one repository lacks, and leaves the others alone', async () => {
  let isMended = false
  const { run } = noting((repositoryId, position) => position === 3 && repositoryId !== null && !isMended)
  const engine = await startEngine(kindsWith(run))
  const { app } = engine
  const { id: userId } = await app.db.user.create({ data: { username: 'anna', passwordHash: 'none' } })
  const [one, two] = [await addRepository(app), await addRepository(app)]
  const failure = await engine.jobEnd(await addJob(app, one, jobOnBoth(one, two)))
  expect(failure.state).toBe('FAILED')
  isMended = true
  const retry = await engine.jobEnd((await retryJob(app, userId, failure.id)).id)
  expect(retry).toMatchObject({ state: 'COMPLETED', ...none })
  expect(retry.tasks.map(({ kind, repositoryName }) => [kind, repositoryName])).toEqual([
    ['BACKUP', two.name],
    ['LIST', two.name],
    ['HOOK', null],
    ['HOOK', null],
  ])
  await deleteRepository(app, two.id)
  await expect(retryJob(app, userId, failure.id)).rejects.toThrow('Its repository was removed.')
})

test('a job on several is among those of each of its repositories, in order, and keeps both from being removed', async () => {
  const gate = createGate()
  const engine = await startEngine(kindsWith(gate.run))
  const { app } = engine
  const { db } = app
  const [one, two] = [await addRepository(app), await addRepository(app)]
  const finishedAt = new Date()
  const first = await writeJob(app, one, { state: 'COMPLETED', finishedAt })
  const both = await addJob(app, one, jobOnBoth(one, two))
  const last = await writeJob(app, one, { state: 'COMPLETED', finishedAt })
  await gate.begun(both)

  const idsOf = async (repository: Repository, take: number, states?: readonly ['COMPLETED']) => {
    const jobs = await readJobs(db, { take }, { repositoryId: repository.id, ...(states && { states }) })
    return jobs.map(({ id }) => id)
  }
  expect(await idsOf(one, 3)).toEqual([last, both, first])
  expect(await idsOf(one, 2)).toEqual([last, both])
  expect(await idsOf(one, -2)).toEqual([both, first])
  expect(await idsOf(one, 3, ['COMPLETED'])).toEqual([last, first])
  expect(await idsOf(two, 3)).toEqual([both])
  expect(await countJobs(db, { repositoryId: one.id })).toBe(3)
  await expect(deleteRepository(app, two.id)).rejects.toThrow('has not ended')
  gate.open(both)
  await engine.jobEnd(both)
})

test('a job without a repository runs', async () => {
  const { seen, run } = noting()
  const engine = await startEngine(kindsWith(run))
  const id = await addJob(engine.app, await addRepository(engine.app), { ...none, tasks: [{ kind: 'HOOK' }] })
  expect(await engine.jobEnd(id)).toMatchObject({ state: 'COMPLETED', repositoryId: null })
  expect(seen).toEqual(['HOOK'])
})
