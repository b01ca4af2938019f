import { expect, test } from 'vitest'
import type { LeaseMode } from '../../../../prisma/generated/client/client.ts'
import { cancelJob } from '../../../../server/jobs/records/cancel-and-priority.ts'
import { completed } from '../../../../server/jobs/tasks/result.ts'
import { addJob, addRepository, createGate, kindsWith, type Run, startEngine } from '../../../support/engine.ts'

const withHooks = [{ kind: 'HOOK' }, { kind: 'BACKUP' }, { kind: 'LIST' }, { kind: 'HOOK' }] as const

/** An engine whose tasks note which leases there are while they run. */
const startNoting = async (others: Partial<Record<'HOOK' | 'BACKUP' | 'LIST', Run>> = {}) => {
  const seen: [string, readonly LeaseMode[]][] = []
  const run: Run = async ({ app, job, task }) => {
    const leases = await app.db.lease.findMany({ where: { jobId: job.id } })
    seen.push([task.kind, leases.map(({ mode }) => mode)])
    return completed
  }
  return { seen, engine: await startEngine(kindsWith(run, others)) }
}

test('the lease of a repository is taken for the tasks that use it, and by no hook before or after them', async () => {
  const { seen, engine } = await startNoting()
  const { app } = engine
  const id = await addJob(app, await addRepository(app), { kind: 'BACKUP', tasks: withHooks })
  expect(await engine.jobEnd(id)).toMatchObject({ state: 'COMPLETED', waitingFor: null })
  expect(seen).toEqual([
    ['HOOK', []],
    ['BACKUP', ['WRITE']],
    ['LIST', ['WRITE']],
    ['HOOK', []],
  ])
  expect(await app.db.lease.count()).toBe(0)
})

test('while a hook runs, others use its repository, and the backup after it waits for them with words', async () => {
  const [hook, list] = [createGate(), createGate()]
  const { engine } = await startNoting({ HOOK: hook.run, LIST: list.run })
  const { app } = engine
  const repository = await addRepository(app)
  const backup = await addJob(app, repository, { kind: 'BACKUP', tasks: [{ kind: 'HOOK' }, { kind: 'BACKUP' }] })
  await hook.begun(backup)
  const refresh = await addJob(app, repository)
  await list.begun(refresh)
  hook.open(backup)
  const waits = await engine.jobWhere(backup, ({ waitingFor }) => waitingFor !== null)
  expect(waits).toMatchObject({
    state: 'RUNNING',
    waitingFor: 'another job of this repository to end (refresh archives)',
    tasks: [{ state: 'COMPLETED' }, { state: 'PENDING' }],
  })
  // Whoever comes after it waits for it, or it would wait for ever.
  const late = await addJob(app, repository)
  expect(await engine.jobWhere(late, ({ waitingFor }) => waitingFor !== null)).toMatchObject({
    waitingFor: 'another job of this repository to end (backup)',
  })
  list.open(refresh)
  list.open(late)
  expect(await engine.jobEnd(backup)).toMatchObject({ state: 'COMPLETED', waitingFor: null })
  expect(await engine.jobEnd(late)).toMatchObject({ state: 'COMPLETED' })
})

test('a job that is cancelled while it waits between two tasks begins no other, but what always runs', async () => {
  const [hook, list] = [createGate(), createGate()]
  const { engine } = await startNoting({ LIST: list.run, HOOK: hook.run })
  const { app } = engine
  const repository = await addRepository(app)
  const tasks = [{ kind: 'HOOK' }, { kind: 'BACKUP' }, { kind: 'HOOK', condition: 'ALWAYS' }] as const
  const backup = await addJob(app, repository, { kind: 'BACKUP', tasks })
  await hook.begun(backup)
  const refresh = await addJob(app, repository)
  await list.begun(refresh)
  hook.open(backup)
  await engine.jobWhere(backup, ({ waitingFor }) => waitingFor !== null)
  await cancelJob(app, backup)
  expect(await engine.jobEnd(backup)).toMatchObject({
    state: 'CANCELLED',
    waitingFor: null,
    tasks: [{ state: 'COMPLETED' }, { state: 'SKIPPED' }, { state: 'COMPLETED' }],
  })
  list.open(refresh)
  expect(await engine.jobEnd(refresh)).toMatchObject({ state: 'COMPLETED' })
})

test('a job whose repository is gone by the time that it would use it fails, and does not stay at work', async () => {
  const hook = createGate()
  const { engine } = await startNoting({ HOOK: hook.run })
  const { app } = engine
  const repository = await addRepository(app)
  const backup = await addJob(app, repository, { kind: 'BACKUP', tasks: [{ kind: 'HOOK' }, { kind: 'BACKUP' }] })
  await hook.begun(backup)
  await app.db.repository.delete({ where: { id: repository.id } })
  hook.open(backup)
  expect(await engine.jobEnd(backup)).toMatchObject({
    state: 'FAILED',
    problem: expect.stringContaining('Something unexpected happened'),
    tasks: [{ state: 'COMPLETED' }, { state: 'FAILED' }],
  })
})
