import { describe, expect, test } from 'vitest'
import type { Hook, RunState, TaskCondition } from '../../../../prisma/generated/client/client.ts'
import { nothingYet } from '../../../../server/jobs/engine/outcome.ts'
import { timeLimitOf } from '../../../../server/jobs/engine/run-task.ts'
import { backup } from '../../../../server/jobs/kinds/backup.ts'
import { cancelJob } from '../../../../server/jobs/records/cancel-and-priority.ts'
import { announceJob } from '../../../../server/jobs/records/create.ts'
import type { TaskContext, TaskResult } from '../../../../server/jobs/records/kind-definition.ts'
import { madeArchive } from '../../../../server/jobs/records/made-archive.ts'
import { taskKinds } from '../../../../server/jobs/tasks/index.ts'
import { onRepository } from '../../../../server/jobs/tasks/on-repository.ts'
import { completed } from '../../../../server/jobs/tasks/result.ts'
import {
  addJob,
  addRepository,
  createGate,
  type Engine,
  failed,
  kindsWith,
  type Run,
  startEngine,
} from '../../../support/engine.ts'
import { poll } from '../../../support/poll.ts'

const warned: TaskResult = { ...completed, state: 'COMPLETED_WITH_WARNINGS', problem: 'Not everything.' }

const hook = (name: string, input: Partial<Hook>): Hook => ({
  id: name,
  planId: 'plan',
  position: 0,
  name,
  moment: 'BEFORE',
  command: 'true',
  workingFolder: null,
  environmentSealed: null,
  timeLimit: 300,
  stopsOnFailure: true,
  ...input,
})

/** The tasks of a backup with a hook for each moment. */
const withHooks = (input: Partial<Hook> = {}) => {
  const moments = ['ALWAYS', 'BEFORE', 'ON_SUCCESS', 'ON_WARNING', 'ON_FAILURE'] as const
  const hooks = moments.map((moment, position) => hook(moment, { moment, position, ...input }))
  return backup.tasks({ plan: { retries: 0, retryDelay: 60, timeLimit: null, hooks } })
}

const statesOf = ({ tasks }: { tasks: readonly { state: RunState }[] }) => tasks.map(({ state }) => state)

/** Fails the first `count` tries of each task. */
const failingFirst = (count: number): Run => {
  return async ({ task }) => (task.attempt <= count ? failed(`Try ${task.attempt} did not work.`) : completed)
}

describe('the tasks of a backup with hooks', () => {
  test('are in order, those that always run last, each with its policies', () => {
    const [before, backup, list, ...others] = withHooks({ timeLimit: 7 })
    expect(before).toMatchObject({ kind: 'HOOK', condition: 'UNLESS_FAILED', onFailure: 'STOP', timeLimit: 7 })
    expect([backup?.kind, list?.kind]).toEqual(['BACKUP', 'LIST'])
    expect(others.map(({ condition }) => condition)).toEqual(['ON_SUCCESS', 'ON_WARNING', 'ON_FAILURE', 'ALWAYS'])
    expect(withHooks({ stopsOnFailure: false })[0]).toMatchObject({ onFailure: 'CONTINUE' })
  })

  const run = async (result: TaskResult | Promise<never>) => {
    const engine = await startEngine(kindsWith(async () => completed, { BACKUP: async () => result }))
    const id = await addJob(engine.app, await addRepository(engine.app), { kind: 'BACKUP', tasks: withHooks() })
    return engine.jobEnd(id)
  }
  const [did, not] = ['COMPLETED', 'SKIPPED'] as const

  test('after a success are those for a success', async () => {
    const job = await run(completed)
    expect(job).toMatchObject({ state: 'COMPLETED', problem: null })
    expect(statesOf(job)).toEqual([did, did, did, did, not, not, did])
    expect(job.tasks[4]?.problem).toBe('Not called for: nothing before it ended with warnings only.')
  })

  test('after a warning are those for a warning', async () => {
    const job = await run(warned)
    expect(job).toMatchObject({ state: 'COMPLETED_WITH_WARNINGS', problem: 'Not everything.' })
    expect(statesOf(job)).toEqual([did, 'COMPLETED_WITH_WARNINGS', did, not, did, not, did])
  })

  test('after a failure are those for a failure, and the list only where the repository was opened', async () => {
    const closed = await run(failed())
    expect(closed).toMatchObject({ state: 'FAILED', problem: 'It did not work.' })
    expect(statesOf(closed)).toEqual([did, 'FAILED', not, not, not, did, did])
    expect(statesOf(await run({ ...failed(), isRepositoryOpened: true }))).toEqual([
      did,
      'FAILED',
      did,
      not,
      not,
      did,
      did,
    ])
  })

  test.each(['STOP', 'CONTINUE'] as const)('after a failure of the first with the policy %s', async (onFailure) => {
    const step: Run = async ({ task }) => (task.position === 0 ? failed('The hook failed.') : completed)
    const engine = await startEngine(kindsWith(step))
    const tasks = withHooks({ stopsOnFailure: onFailure === 'STOP' })
    const job = await engine.jobEnd(
      await addJob(engine.app, await addRepository(engine.app), { kind: 'BACKUP', tasks }),
    )
    const goesOn = onFailure === 'CONTINUE'
    expect(job).toMatchObject({ state: goesOn ? 'COMPLETED_WITH_WARNINGS' : 'FAILED', problem: 'The hook failed.' })
    expect(statesOf(job)).toEqual(
      goesOn ? ['FAILED', did, did, not, did, not, did] : ['FAILED', not, not, not, not, did, did],
    )
  })

  test('know how the job stands when they run', async () => {
    const seen: (readonly [string, TaskContext['soFar']])[] = []
    const engine = await startEngine(
      kindsWith(async ({ task, soFar }) => {
        seen.push([task.condition, soFar])
        return task.kind === 'BACKUP' ? failed('No backup.') : completed
      }),
    )
    const tasks = withHooks()
    await engine.jobEnd(await addJob(engine.app, await addRepository(engine.app), { kind: 'BACKUP', tasks }))
    const soFar = { state: 'FAILED', problem: 'No backup.' }
    expect(seen).toEqual([
      ['UNLESS_FAILED', { state: 'COMPLETED', problem: null }],
      ['UNLESS_FAILED', { state: 'COMPLETED', problem: null }],
      ['ON_FAILURE', soFar],
      ['ALWAYS', soFar],
    ])
  })
})

describe('a task that fails', () => {
  const tasks = [
    { kind: 'HOOK' as const },
    { kind: 'BACKUP' as const, retries: 2, retryDelay: 0 },
    { kind: 'LIST' as const },
  ]

  test('is tried again, and the job goes on from there', async () => {
    const seen: string[] = []
    const run: Run = async ({ task }) => {
      seen.push(task.kind)
      return completed
    }
    const backup: Run = async (context) => {
      seen.push(`BACKUP ${context.task.attempt}`)
      await context.journal.output([`line of try ${context.task.attempt}`])
      context.journal.fileProblem({ path: '/file', message: `problem of try ${context.task.attempt}` })
      return failingFirst(2)(context)
    }
    const engine = await startEngine(kindsWith(run, { BACKUP: backup }))
    const { app } = engine
    const job = await engine.jobEnd(await addJob(app, await addRepository(app), { kind: 'BACKUP', tasks }))
    expect(job).toMatchObject({ state: 'COMPLETED', problem: null, notBefore: null, waitingFor: null })
    expect(job.tasks[1]).toMatchObject({ state: 'COMPLETED', attempt: 3, problem: null, fileProblemCount: 1 })
    expect(seen).toEqual(['HOOK', 'BACKUP 1', 'BACKUP 2', 'BACKUP 3', 'LIST'])
    const taskId = job.tasks[1]?.id ?? ''
    expect((await app.jobs.outputs.read(taskId, 0, 1)).lines).toEqual(['line of try 1'])
    expect((await app.jobs.outputs.read(taskId, 1, 10)).lines).toEqual(['--- Try 2 of 3 ---', 'line of try 2'])
    expect((await app.jobs.outputs.read(taskId, 3, 10)).lines).toEqual(['--- Try 3 of 3 ---', 'line of try 3'])
    expect(await app.db.fileProblem.findMany({ where: { taskId } })).toMatchObject([{ message: 'problem of try 3' }])
  })

  test('is tried as often as it may be and no more', async () => {
    const engine = await startEngine(kindsWith(failingFirst(9)))
    const { app } = engine
    const job = await engine.jobEnd(
      await addJob(app, await addRepository(app), { kind: 'BACKUP', tasks: tasks.slice(1) }),
    )
    expect(job).toMatchObject({ state: 'FAILED', problem: 'Try 3 did not work.' })
    expect(job.tasks).toMatchObject([{ attempt: 3 }, { state: 'SKIPPED', attempt: 0 }])
  })

  test('waits twice as long each time, and holds neither place nor lease meanwhile', async () => {
    const engine = await startEngine(kindsWith(failingFirst(9)))
    const { app } = engine
    const repository = await addRepository(app)
    const task = { kind: 'BACKUP', retries: 5, retryDelay: 1000 } as const
    const id = await addJob(app, repository, { kind: 'BACKUP', tasks: [task] })
    const first = await engine.jobWhere(id, ({ notBefore }) => notBefore !== null)
    expect(first).toMatchObject({ state: 'QUEUED', waitingFor: 'the time of its next try', finishedAt: null })
    expect(first.tasks).toMatchObject([
      { state: 'QUEUED', problem: 'Try 1 did not work.', attempt: 1, finishedAt: null },
    ])
    const secondsUntil = ({ notBefore }: { notBefore: Date | null }) => (Number(notBefore) - Date.now()) / 1000
    expect(secondsUntil(first)).toBeGreaterThan(990)
    expect(secondsUntil(first)).toBeLessThanOrEqual(1000)
    expect(await app.db.lease.count()).toBe(0)

    // Another job of the repository runs meanwhile.
    await engine.jobEnd(await addJob(app, repository, { tasks: [{ kind: 'DRY_RUN', retries: 0 }] }))
    await app.db.job.update({ where: { id }, data: { notBefore: new Date() } })
    announceJob(app, id)
    const second = await engine.jobWhere(id, ({ tasks, notBefore }) => tasks[0]?.attempt === 2 && notBefore !== null)
    expect(secondsUntil(second)).toBeGreaterThan(1990)
  })

  test('is not tried again where it could not even be begun', async () => {
    const engine = await startEngine(kindsWith(async () => completed))
    const { app } = engine
    await app.db
      .$executeRaw`CREATE TRIGGER refuse BEFORE UPDATE OF "attempt" ON "Task" BEGIN SELECT RAISE(ABORT, 'no'); END`
    const job = await engine.jobEnd(
      await addJob(app, await addRepository(app), { kind: 'BACKUP', tasks: tasks.slice(1) }),
    )
    expect(job).toMatchObject({ state: 'FAILED', problem: expect.stringContaining('Something unexpected happened') })
    expect(job.tasks).toMatchObject([{ state: 'FAILED', attempt: 0 }, { state: 'SKIPPED' }])
  })

  test('leaves the archive of the last try as that of its job', async () => {
    const engine = await startEngine(
      kindsWith(async (context) => {
        const { app, job, task } = context
        const { db } = app
        const [name, now] = [`try ${task.attempt}`, new Date()]
        const data = { name, borgId: name, jobId: job.id, repositoryId: job.repositoryId ?? '', startedAt: now }
        await db.archive.create({ data: { ...data, hostname: '', username: '', comment: '' } })
        return failingFirst(1)(context)
      }),
    )
    const { app } = engine
    const id = await addJob(app, await addRepository(app), { kind: 'BACKUP', tasks: tasks.slice(1, 2) })
    await engine.jobEnd(id)
    expect(await app.db.archive.findFirst(madeArchive(id))).toMatchObject({ name: 'try 2' })
  })

  test('is tried again by the next server, where the one before ended meanwhile', async () => {
    const before = await startEngine(kindsWith(failingFirst(9)))
    const { app } = before
    const id = await addJob(app, await addRepository(app), {
      kind: 'BACKUP',
      tasks: [
        { kind: 'HOOK', retries: 0, condition: 'ON_FAILURE' },
        { kind: 'BACKUP', retries: 1, retryDelay: 2 },
      ],
    })
    await before.jobWhere(id, ({ notBefore }) => notBefore !== null)
    await before.stop()
    const after = await startEngine(kindsWith(failingFirst(1)), app)
    const job = await after.jobEnd(id)
    expect(job).toMatchObject({ state: 'COMPLETED' })
    expect(job.tasks).toMatchObject([{ state: 'SKIPPED' }, { state: 'COMPLETED', attempt: 2 }])
  })

  test('is not tried again where the job would have taken too long by then', async () => {
    const engine = await startEngine(kindsWith(failingFirst(1)))
    const { app } = engine
    const task = { kind: 'BACKUP', retries: 1, retryDelay: 60 } as const
    const job = await engine.jobEnd(await addJob(app, await addRepository(app), { maxDuration: 60, tasks: [task] }))
    expect(job).toMatchObject({ state: 'FAILED', problem: 'Try 1 did not work.' })
  })
})

describe('the time limit', () => {
  test('of a task stops each of its tries, and the task is tried again', async () => {
    const gate = createGate()
    const engine = await startEngine(kindsWith(gate.run))
    const { app } = engine
    const task = { kind: 'HOOK', retries: 1, retryDelay: 0, timeLimit: 1 } as const
    const job = await engine.jobEnd(await addJob(app, await addRepository(app), { tasks: [task] }))
    expect(job).toMatchObject({ state: 'FAILED', problem: 'Stopped after the 1 second that it may take.' })
    expect(job.tasks).toMatchObject([{ state: 'FAILED', attempt: 2 }])
  })

  test('of the list is a minute where it is only read because of a failure', () => {
    const task = { timeLimit: null }
    const stopped = { state: 'FAILED', problem: 'Stopped.' } as const
    expect(timeLimitOf(taskKinds.LIST, task, nothingYet)).toBeNull()
    expect(timeLimitOf(taskKinds.LIST, task, stopped)).toBe(60)
    expect(timeLimitOf(taskKinds.HOOK, task, stopped)).toBeNull()
    expect(timeLimitOf(taskKinds.LIST, { timeLimit: 5 }, stopped)).toBe(5)
  })

  test('of a job counts from its first try on, and what always runs runs all the same', async () => {
    const engine = await startEngine(kindsWith(async ({ task }) => (task.position === 0 ? failed() : completed)))
    const { app } = engine
    const [task, last] = [
      { kind: 'BACKUP', retries: 1, retryDelay: 60 },
      { kind: 'HOOK', condition: 'ALWAYS' },
    ] as const
    const id = await addJob(app, await addRepository(app), { maxDuration: 3600, tasks: [task, last] })
    await engine.jobWhere(id, ({ notBefore }) => notBefore !== null)
    await app.db.job.update({ where: { id }, data: { startedAt: new Date(Date.now() - 3_600_000) } })
    announceJob(app, id)
    const job = await engine.jobEnd(id)
    expect(job).toMatchObject({
      state: 'FAILED',
      problem: 'Stopped after the 60 minutes that its schedule allows. Archives made before are whole.',
    })
    expect(job.tasks).toMatchObject([
      {
        state: 'FAILED',
        problem: 'Not tried again: the job had taken longer than its schedule allows. It did not work.',
      },
      { state: 'COMPLETED' },
    ])
  })

  test('of a job stops the task that runs', async () => {
    const engine = await startEngine(kindsWith(async () => completed, { BACKUP: createGate().run }))
    const { app } = engine
    const tasks = [{ kind: 'BACKUP' }, { kind: 'HOOK' }] as const
    const job = await engine.jobEnd(await addJob(app, await addRepository(app), { maxDuration: 1, tasks }))
    expect(job).toMatchObject({ state: 'FAILED' })
    expect(job.tasks).toMatchObject([
      { state: 'FAILED', problem: expect.stringContaining('Stopped after the 1 second that its schedule allows.') },
      { state: 'SKIPPED', problem: 'Not begun: the job had taken longer than its schedule allows.' },
    ])
  })
})

describe('a job that is cancelled', () => {
  const tasks = [
    { kind: 'BACKUP', retries: 1, retryDelay: 600 },
    { kind: 'LIST' },
    { kind: 'HOOK', condition: 'ON_FAILURE' },
    { kind: 'HOOK', condition: 'ALWAYS' },
  ] as const
  const begin = async (backup: Run) => {
    const engine = await startEngine(kindsWith(async () => completed, { BACKUP: backup }))
    const { app } = engine
    return { engine, app, id: await addJob(app, await addRepository(app), { kind: 'BACKUP', tasks }) }
  }

  test('while it runs does what always runs, and reads the list', async () => {
    const gate = createGate()
    const { engine, app, id } = await begin(gate.run)
    await gate.begun(id)
    await cancelJob(app, id)
    const job = await engine.jobEnd(id)
    expect(job).toMatchObject({ state: 'CANCELLED', problem: 'Cancelled. Archives made before are whole.' })
    expect(statesOf(job)).toEqual(['CANCELLED', 'COMPLETED', 'SKIPPED', 'COMPLETED'])
    expect(job.tasks[2]?.problem).toBe('Not begun: the job was cancelled.')
  })

  test('is cancelled also where its task ends with an error because of that', async () => {
    const gate = createGate()
    const { engine, app, id } = await begin(async (context) => {
      await gate.run(context)
      throw new Error('the pipe is closed')
    })
    await gate.begun(id)
    await cancelJob(app, id)
    expect(await engine.jobEnd(id)).toMatchObject({
      state: 'CANCELLED',
      problem: 'Cancelled. Archives made before are whole.',
      tasks: [{ state: 'CANCELLED' }, {}, {}, {}],
    })
  })

  test('between two tries does what always runs, with the queue paused and without the lease', async () => {
    const { engine, app, id } = await begin(failingFirst(1))
    await engine.jobWhere(id, ({ notBefore }) => notBefore !== null)
    await app.db.settings.create({ data: { pausedAt: new Date() } })
    await cancelJob(app, id)
    const job = await engine.jobEnd(id)
    expect(job).toMatchObject({ state: 'CANCELLED', notBefore: null, waitingFor: null })
    expect(statesOf(job)).toEqual(['CANCELLED', 'SKIPPED', 'SKIPPED', 'COMPLETED'])
    expect(job.tasks[0]?.problem).toBe('Not tried again: the job was cancelled. Try 1 did not work.')
  })

  test('before it began does nothing at all', async () => {
    const { engine, app, id: first } = await begin(async () => completed)
    await engine.jobEnd(first)
    await app.db.settings.create({ data: { pausedAt: new Date() } })
    const id = await addJob(app, await addRepository(app), { kind: 'BACKUP', tasks })
    await engine.jobWhere(id, ({ state }) => state === 'QUEUED')
    await cancelJob(app, id)
    const job = await engine.jobEnd(id)
    expect(job).toMatchObject({ state: 'CANCELLED', problem: 'Cancelled before it began.', waitingFor: null })
    expect(statesOf(job)).toEqual(['SKIPPED', 'SKIPPED', 'SKIPPED', 'SKIPPED'])
  })

  test('while it does what always runs ends that too', async () => {
    const gate = createGate()
    const engine = await startEngine(kindsWith(gate.run))
    const { app } = engine
    const id = await addJob(app, await addRepository(app), { kind: 'BACKUP', tasks: tasks.slice(3) })
    await gate.begun(id)
    await cancelJob(app, id)
    expect(await engine.jobEnd(id)).toMatchObject({ state: 'CANCELLED', tasks: [{ state: 'CANCELLED' }] })
  })
})

describe('a server that stops', () => {
  const interrupt = async (
    engine: Engine,
    condition: TaskCondition,
    step: { begun: (id: string) => Promise<void> },
  ) => {
    const { app } = engine
    const tasks = [{ kind: 'BACKUP', condition }, { kind: 'LIST' }, { kind: 'HOOK', condition: 'ALWAYS' }] as const
    const id = await addJob(app, await addRepository(app), { kind: 'BACKUP', tasks })
    await step.begun(id)
    return id
  }

  test('runs what always runs, and nothing else', async () => {
    const gate = createGate()
    const engine = await startEngine(kindsWith(async () => completed, { BACKUP: gate.run }))
    const id = await interrupt(engine, 'UNLESS_FAILED', gate)
    await engine.stop()
    const job = await engine.jobEnd(id)
    expect(job).toMatchObject({ state: 'INTERRUPTED' })
    expect(statesOf(job)).toEqual(['INTERRUPTED', 'SKIPPED', 'COMPLETED'])
  })

  test('lets what always runs end that is at work, and gives it ten seconds at most', async () => {
    const gate = createGate()
    const engine = await startEngine(kindsWith(async () => completed, { HOOK: gate.run }))
    const { app } = engine
    const tasks = [{ kind: 'HOOK', condition: 'ALWAYS' }] as const
    const [ends, hangs] = [
      await addJob(app, await addRepository(app), { tasks }),
      await addJob(app, await addRepository(app), { tasks }),
    ]
    await Promise.all([gate.begun(ends), gate.begun(hangs)])
    const begun = performance.now()
    const stopped = engine.stop()
    gate.open(ends)
    expect(await engine.jobEnd(ends)).toMatchObject({ state: 'COMPLETED' })
    await stopped
    const taken = performance.now() - begun
    expect(await engine.jobEnd(hangs)).toMatchObject({ state: 'INTERRUPTED', tasks: [{ state: 'INTERRUPTED' }] })
    expect(taken).toBeGreaterThan(9_500)
    expect(taken).toBeLessThan(60_000)
  })
})

test('a repository that cannot be used says why it could not be opened the last time', async () => {
  const gate = createGate()
  let problem: string | null = 'It is still gone.'
  const engine = await startEngine(
    kindsWith(
      onRepository({ lease: 'READ', opening: 'PROOF', isThere: true }, async (context) =>
        problem === null ? gate.run(context) : failed(problem),
      ).run,
    ),
  )
  const { app } = engine
  const { id: repositoryId, ...repository } = await addRepository(app)
  await app.db.repository.update({ where: { id: repositoryId }, data: { state: 'FAILED', problem: 'It is gone.' } })
  const refresh = () => addJob(app, { id: repositoryId, ...repository })
  const problemNow = async () => (await app.db.repository.findUniqueOrThrow({ where: { id: repositoryId } })).problem

  await engine.jobEnd(await refresh())
  expect(await problemNow()).toBe('It is still gone.')
  problem = null
  const id = await refresh()
  await gate.begun(id)
  await cancelJob(app, id)
  await engine.jobEnd(id)
  expect(await problemNow()).toBe('It is still gone.')
})

test('records that cannot be written hold up the end of a job, and lose nothing of it', async () => {
  const gate = createGate()
  const engine = await startEngine(kindsWith(gate.run))
  const { app } = engine
  const id = await addJob(app, await addRepository(app))
  await gate.begun(id)
  await app.db.$executeRawUnsafe(
    "CREATE TRIGGER refuse BEFORE UPDATE OF finishedAt ON Job BEGIN SELECT RAISE(ABORT, 'not now'); END",
  )
  gate.open(id)
  await poll('the job is at its end', async () => {
    const task = await app.db.task.findFirstOrThrow({ where: { jobId: id } })
    return task.state === 'RUNNING' && !app.jobs.outputs.isOpen(task.id)
  })
  await app.db.$executeRawUnsafe('DROP TRIGGER refuse')
  expect(await engine.jobEnd(id)).toMatchObject({ state: 'COMPLETED', tasks: [{ state: 'COMPLETED' }] })
})
