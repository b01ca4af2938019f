import { spawn } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Prisma } from '../../../../prisma/generated/client/client.ts'
import { recover } from '../../../../server/jobs/engine/recovery.ts'
import { cancelJob } from '../../../../server/jobs/records/cancel-and-priority.ts'
import { makeHookFolder, removeLeftHookFolders } from '../../../../server/jobs/tasks/hook-folders.ts'
import { completed } from '../../../../server/jobs/tasks/result.ts'
import { serverMark } from '../../../../server/process/orphans.ts'
import { addRepository, createGate, kindsWith, startEngine, writeJob } from '../../../support/engine.ts'
import { hangingFolder } from '../../../support/mounts.ts'

const hook = (name: string, moment: string): Pick<Prisma.TaskUncheckedCreateInput, 'kind' | 'settings'> => ({
  kind: 'HOOK',
  settings: { hookId: name, name, moment, command: 'true', workingFolder: null, environmentSealed: null },
})

const cutShort = 'The server was stopped or killed while this job was running. Archives made before are whole.'

test('only the job that sets a repository up says that it was not set up', async () => {
  const gate = createGate()
  const { app, stop } = await startEngine(kindsWith(gate.run))
  const { db } = app
  const pending = async () => {
    const { id } = await addRepository(app)
    return db.repository.update({ where: { id }, data: { state: 'PENDING' } })
  }
  const stateOf = async ({ id }: { id: string }) => {
    const { state, problem } = await db.repository.findUniqueOrThrow({ where: { id } })
    return [state, problem]
  }
  // Nothing begins: both wait.
  await stop()
  const cancelled = await pending()
  const refresh = await writeJob(app, cancelled)
  const setUp = await writeJob(app, cancelled, { kind: 'IMPORT_REPOSITORY' })
  await cancelJob(app, refresh)
  expect(await stateOf(cancelled)).toEqual(['PENDING', null])
  await cancelJob(app, setUp)
  expect(await stateOf(cancelled)).toEqual(['FAILED', 'Creating or importing it was cancelled.'])

  const killed = await db.server.create({ data: { host: 'here', pid: 1 } })
  const running = { state: 'RUNNING', startedAt: new Date(), serverId: killed.id } as const
  const [refreshed, imported] = [await pending(), await pending()]
  await writeJob(app, refreshed, running)
  await writeJob(app, imported, { ...running, kind: 'IMPORT_REPOSITORY' })
  await app.jobs.recover()
  expect(await stateOf(refreshed)).toEqual(['PENDING', null])
  expect(await stateOf(imported)).toEqual([
    'FAILED',
    'The server was stopped or killed before the repository was ready.',
  ])
})

test('what another server that is alive holds is not touched', async () => {
  const { app, stop } = await startEngine(kindsWith(async () => completed))
  await stop()
  const { db, log } = app
  const [alive, dead] = [
    await db.server.create({ data: { host: 'here', pid: 1 } }),
    await db.server.create({ data: { host: 'there', pid: 2 } }),
  ]
  const runningOn = async (serverId: string) => {
    const repository = await addRepository(app)
    const id = await writeJob(app, repository, { state: 'RUNNING', startedAt: new Date(), serverId })
    await db.lease.create({ data: { jobId: id, repositoryId: repository.id, mode: 'READ', serverId } })
    return { id, repositoryId: repository.id }
  }
  const [works, cutShort] = [await runningOn(alive.id), await runningOn(dead.id)]
  expect(await recover({ db, log, kinds: app.kinds, alive: [alive.id] })).toEqual([cutShort.repositoryId])
  expect((await db.job.findUniqueOrThrow({ where: { id: works.id } })).state).toBe('RUNNING')
  expect((await db.job.findUniqueOrThrow({ where: { id: cutShort.id } })).state).toBe('INTERRUPTED')
  expect(await db.lease.findMany({ select: { jobId: true } })).toEqual([{ jobId: works.id }])
  expect((await db.server.findUniqueOrThrow({ where: { id: alive.id } })).stoppedAt).toBeNull()
})

test('after a kill the records say which hooks nobody ran, and what waited for another try goes on', async () => {
  const engine = await startEngine(kindsWith(async () => completed))
  const { app } = engine
  const { db } = app
  const killed = await db.server.create({ data: { host: 'here', pid: 1 } })
  const [repository, other] = [await addRepository(app), await addRepository(app)]
  const startedAt = new Date()
  const done = { state: 'COMPLETED', finishedAt: startedAt, attempt: 1 } as const
  const running = await writeJob(app, repository, {
    kind: 'BACKUP',
    state: 'RUNNING',
    startedAt,
    serverId: killed.id,
    tasks: [
      { ...hook('stop database', 'BEFORE'), ...done },
      { kind: 'BACKUP', state: 'RUNNING', attempt: 1 },
      { kind: 'LIST' },
      { ...hook('tell', 'ON_SUCCESS'), condition: 'ON_SUCCESS' },
      { ...hook('start database', 'ALWAYS'), condition: 'ALWAYS' },
    ],
  })
  const preparing = await writeJob(app, other, {
    kind: 'BACKUP',
    state: 'RUNNING',
    startedAt,
    serverId: killed.id,
    tasks: [{ ...hook('stop database', 'BEFORE'), state: 'RUNNING', attempt: 1 }, { kind: 'BACKUP' }],
  })
  const waiting = await writeJob(app, repository, {
    kind: 'BACKUP',
    state: 'QUEUED',
    waitingFor: 'the time of its next try',
    startedAt,
    notBefore: startedAt,
    tasks: [
      { ...hook('stop database', 'BEFORE'), ...done },
      { kind: 'BACKUP', state: 'QUEUED', attempt: 1, retries: 1, problem: 'It did not work.' },
    ],
  })
  await db.lease.create({ data: { repositoryId: repository.id, jobId: running, serverId: killed.id, mode: 'WRITE' } })

  await app.jobs.recover()
  expect(await db.lease.count()).toBe(0)
  expect(await engine.jobEnd(running)).toMatchObject({
    state: 'INTERRUPTED',
    problem: `${cutShort} The hook “start database” was not run.`,
    tasks: [
      { state: 'COMPLETED' },
      { state: 'INTERRUPTED', problem: 'The server was stopped or killed while this was running.' },
      { state: 'SKIPPED', problem: 'Not begun: the server was stopped or killed before.' },
      { state: 'SKIPPED' },
      { state: 'SKIPPED' },
    ],
  })
  expect((await engine.jobEnd(preparing)).problem).toBe(`${cutShort} The hook “stop database” was not run to its end.`)
  expect(await db.job.findUniqueOrThrow({ where: { id: waiting } })).toMatchObject({ state: 'QUEUED', problem: null })

  await app.jobs.start()
  expect(await engine.jobEnd(waiting)).toMatchObject({
    state: 'COMPLETED',
    tasks: [
      { state: 'COMPLETED', attempt: 1 },
      { state: 'COMPLETED', attempt: 2, problem: null },
    ],
  })
})

test('after a kill the folders that hooks had of their own are removed', async () => {
  const { app } = await startEngine(kindsWith(async () => completed))
  const folder = await makeHookFolder(app.config.dataFolder, 'task')
  writeFileSync(join(folder, 'dump'), 'text')
  await removeLeftHookFolders(app.config.dataFolder)
  expect(readdirSync(join(app.config.dataFolder, 'hooks'))).toEqual([])
})

test('after a kill a job says which process could not be ended, and may still hold borg’s lock', async () => {
  const { app, jobEnd } = await startEngine(kindsWith(async () => completed))
  const killed = await app.db.server.create({ data: { host: 'here', pid: 1 } })
  const hanging = await hangingFolder()
  const orphan = spawn('ls', [hanging.path], { env: { ...process.env, [serverMark]: killed.id }, detached: true })
  await hanging.opened
  const running = await writeJob(app, await addRepository(app), { state: 'RUNNING', serverId: killed.id })
  await app.jobs.recover()
  const left = `Of what that server had started, process ${orphan.pid} could not be ended, and may still hold borg’s lock.`
  expect(await jobEnd(running)).toMatchObject({ state: 'INTERRUPTED', problem: `${cutShort} ${left}` })
})
