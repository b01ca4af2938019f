import { expect, test } from 'vitest'
import { createEvents } from '../../../../server/events.ts'
import { createTransitions } from '../../../../server/jobs/engine/transitions.ts'
import { openRecords } from '../../../support/records.ts'

const at = new Date('2026-11-27T12:00:00Z')

/** A job with two tasks, and what writes down how they go on. */
const start = async () => {
  const db = await openRecords()
  const { id, tasks } = await db.job.create({
    data: {
      kind: 'BACKUP',
      repositoryName: 'one',
      settings: {},
      tasks: { create: [{ kind: 'BACKUP', position: 0 } as const, { kind: 'LIST', position: 1 } as const] },
    },
    include: { tasks: { orderBy: { position: 'asc' } } },
  })
  const [first, second] = tasks
  if (first === undefined || second === undefined) throw new Error('there are no tasks')
  const read = async () => (await db.task.findMany({ orderBy: { position: 'asc' } })).map(({ state }) => state)
  return { db, jobId: id, first, second, read, transitions: createTransitions({ db, events: createEvents() }, id) }
}

test('what has ended is written together with what begins next, or neither is, and is not lost', async () => {
  const { first, second, read, transitions } = await start()
  await transitions.write({ type: 'TASK_BEGUN', task: first, at })
  transitions.keep({ type: 'TASK_ENDED', taskId: first.id, outcome: { state: 'COMPLETED', problem: null }, at })
  expect(await read()).toEqual(['RUNNING', 'PENDING'])

  const begins = { type: 'TASK_BEGUN', task: second, at } as const
  await expect(transitions.write({ ...begins, task: { ...second, id: 'none' } })).rejects.toThrow()
  expect(await read()).toEqual(['RUNNING', 'PENDING'])

  await transitions.write(begins)
  expect(await read()).toEqual(['COMPLETED', 'RUNNING'])
})

test('another try begins without what the one before has left', async () => {
  const { db, first, transitions } = await start()
  await transitions.write({ type: 'TASK_BEGUN', task: first, at })
  await db.task.update({
    where: { id: first.id },
    data: {
      fileCount: 3,
      fileProblemCount: 1,
      fileProblems: { create: { position: 0, message: 'it may not be read' } },
    },
  })
  await transitions.write({ type: 'TASK_PUT_BACK', taskId: first.id, problem: 'It did not work.' })
  const waiting = await db.task.findUniqueOrThrow({ where: { id: first.id } })
  expect(waiting).toMatchObject({ state: 'QUEUED', problem: 'It did not work.', attempt: 1, fileCount: 3 })

  await transitions.write({ type: 'TASK_BEGUN', task: waiting, at })
  const again = await db.task.findUniqueOrThrow({ where: { id: first.id }, include: { fileProblems: true } })
  const untouched = { problem: null, fileCount: null, fileProblemCount: 0, fileProblems: [] }
  expect(again).toMatchObject({ state: 'RUNNING', attempt: 2, ...untouched })
})

test('a job is put back, and ends, together with its lease', async () => {
  const { db, jobId, transitions } = await start()
  const { id: serverId } = await db.server.create({ data: { host: 'here', pid: 1 } })
  const { id: repositoryId } = await db.repository.create({ data: { name: 'one', location: '/srv/one' } })
  const take = () => db.lease.create({ data: { jobId, repositoryId, serverId, mode: 'WRITE' } })
  const read = () => db.job.findUnique({ where: { id: jobId }, include: { lease: true } })
  const outcome = { state: 'FAILED', problem: 'It did not work.' } as const

  await take()
  await transitions.write({ type: 'JOB_PUT_BACK', nextTryAt: at }, { type: 'LEASE_RELEASED' })
  expect(await read()).toMatchObject({ state: 'QUEUED', notBefore: at, lease: null })
  await take()
  await transitions.write({ type: 'JOB_ENDED', outcome, at, setUp: repositoryId }, { type: 'LEASE_RELEASED' })
  expect(await read()).toMatchObject({ ...outcome, finishedAt: at, lease: null })
  expect(await db.repository.findFirst()).toMatchObject(outcome)
})
