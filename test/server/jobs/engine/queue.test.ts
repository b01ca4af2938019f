import { describe, expect, test } from 'vitest'
import type { Repository, TaskKind } from '../../../../prisma/generated/client/client.ts'
import { cancelJob, setJobPriority } from '../../../../server/jobs/records/cancel-and-priority.ts'
import { announceJob } from '../../../../server/jobs/records/create.ts'
import { pauseQueue, resumeQueue, updateQueue } from '../../../../server/jobs/records/queue-settings.ts'
import { completed } from '../../../../server/jobs/tasks/result.ts'
import { createApp } from '../../../support/app.ts'
import {
  addJob,
  addRepository,
  createGate,
  type Engine,
  kindsWith,
  type Run,
  startEngine,
  writeJob,
} from '../../../support/engine.ts'
import { poll } from '../../../support/poll.ts'

/** Starts an engine whose jobs run until they are let go, and notes in which order they begin. */
const startGated = async () => {
  const gate = createGate()
  const order: string[] = []
  const step: Run = (context) => {
    order.push(context.job.id)
    return gate.run(context)
  }
  const engine = await startEngine(kindsWith(step))
  return { engine, app: engine.app, gate, order }
}

const isQueued = ({ state }: { state: string }) => state === 'QUEUED'

/** Somebody whose name can be shown. */
const createUser = async ({ db }: Engine['app'], username: string) => {
  const { id } = await db.user.create({ data: { username, passwordHash: 'none' } })
  return id
}

/** Jobs of one repository, with a task that needs no lease. */
const addBeside = (engine: Engine, repository: Repository, count: number) =>
  Promise.all(Array.from({ length: count }, () => addJob(engine.app, repository, { tasks: [{ kind: 'DRY_RUN' }] })))

describe('a paused queue', () => {
  test('begins nothing, lets what runs end, stays so over a restart, and begins again when it is resumed', async () => {
    const { engine, app, gate } = await startGated()
    const userId = await createUser(app, 'anna')
    const [running, waiting] = [await addRepository(app), await addRepository(app)]
    const first = await addJob(app, running)
    await gate.begun(first)
    await pauseQueue(app, userId, { reason: ' new disks ' })
    const second = await addJob(app, waiting)
    expect(await engine.jobWhere(second, isQueued)).toMatchObject({
      waitingFor: 'the queue to be resumed (paused: new disks)',
      startedAt: null,
    })
    gate.open(first)
    expect(await engine.jobEnd(first)).toMatchObject({ state: 'COMPLETED' })
    await engine.stop()

    const next = await startEngine(
      kindsWith(async () => completed),
      app,
    )
    const third = await addJob(next.app, waiting)
    await next.jobWhere(third, isQueued)
    expect(await app.db.job.findUniqueOrThrow({ where: { id: second } })).toMatchObject({ state: 'QUEUED' })
    await resumeQueue(next.app)
    expect(await next.jobEnd(second)).toMatchObject({ state: 'COMPLETED', waitingFor: null })
    expect(await next.jobEnd(third)).toMatchObject({ state: 'COMPLETED' })
  })

  test('says so without a name and a reason where there are none', async () => {
    const { engine, app } = await startGated()
    const userId = await createUser(app, 'anna')
    await pauseQueue(app, userId, { reason: ' ' })
    await app.db.user.delete({ where: { id: userId } })
    const id = await addJob(app, await addRepository(app))
    expect((await engine.jobWhere(id, isQueued)).waitingFor).toBe('the queue to be resumed (paused)')
  })

  test('refuses a reason that is too long, and announces what changes', async () => {
    const { app } = await startGated()
    const userId = await createUser(app, 'anna')
    expect(() => pauseQueue(app, userId, { reason: 'x'.repeat(201) })).toThrow('reason: is longer than 200 characters')
    const changes = await app.events.watch('queue:changed')
    await resumeQueue(app)
    expect(await changes.next()).toMatchObject({ done: false })
    await changes.return?.()
  })
})

describe('the limits', () => {
  test('of jobs and of backups hold at once when they are changed', async () => {
    const { engine, app, gate } = await startGated()
    await updateQueue(app, { concurrentJobs: 2, concurrentBackups: 1 })
    const add = async (kind: 'BACKUP' | 'REFRESH_ARCHIVES') => addJob(app, await addRepository(app), { kind })
    const first = await add('BACKUP')
    await gate.begun(first)
    const backup = await add('BACKUP')
    expect((await engine.jobWhere(backup, isQueued)).waitingFor).toBe('the backup that runs to end')
    const other = await add('REFRESH_ARCHIVES')
    await gate.begun(other)
    const last = await add('REFRESH_ARCHIVES')
    expect((await engine.jobWhere(last, isQueued)).waitingFor).toBe('one of the 2 jobs that run to end')

    await updateQueue(app, { concurrentJobs: 3 })
    await gate.begun(last)
    await updateQueue(app, { concurrentJobs: 4, concurrentBackups: 2 })
    await gate.begun(backup)
  })

  test('are refused where they make no sense', async () => {
    const { app } = await startGated()
    expect(() => updateQueue(app, { concurrentJobs: 0 })).toThrow('concurrentJobs: must be 1 or more')
    expect(() => updateQueue(app, { concurrentBackups: 65 })).toThrow('concurrentBackups: must be 64 or less')
  })
})

describe('what waits', () => {
  const backup = { kind: 'BACKUP', tasks: [{ kind: 'BACKUP' }] } as const

  test('to write does so until none reads any more, and those that come after it do not read before', async () => {
    const { engine, app, gate, order } = await startGated()
    const repository = await addRepository(app)
    const readers = [await addJob(app, repository), await addJob(app, repository)]
    for (const id of readers) await gate.begun(id)
    expect(await app.db.lease.count({ where: { mode: 'READ' } })).toBe(2)
    const writer = await addJob(app, repository, backup)
    expect((await engine.jobWhere(writer, isQueued)).waitingFor).toBe(
      'another job of this repository to end (refresh archives)',
    )
    const late = await addJob(app, repository)
    expect((await engine.jobWhere(late, isQueued)).waitingFor).toBe('another job of this repository to end (backup)')
    for (const id of readers) gate.open(id)
    await gate.begun(writer)
    gate.open(writer)
    await gate.begun(late)
    gate.open(late)
    await engine.jobEnd(late)
    expect(order).toEqual([...readers, writer, late])
  })

  test('for the lease begins as soon as it was given back, in the order of its making', async () => {
    const { engine, app, gate, order } = await startGated()
    const repository = await addRepository(app)
    const ids: string[] = []
    for (let count = 0; count < 3; count += 1) ids.push(await addJob(app, repository, backup))
    const [first = '', second = '', third = ''] = ids
    await gate.begun(first)
    for (const id of [second, third]) {
      expect((await engine.jobWhere(id, isQueued)).waitingFor).toBe('another job of this repository to end (backup)')
    }
    expect(await app.db.lease.count()).toBe(1)
    gate.open(first)
    const { finishedAt } = await engine.jobEnd(first)
    await gate.begun(second)
    // Long before the engine would have looked by itself.
    expect(Date.now() - Number(finishedAt)).toBeLessThan(15_000)
    await cancelJob(app, second)
    await gate.begun(third)
    expect(order).toEqual(ids)
  })

  test('for a place after it waited for the lease does not hold up the next of its repository where it is cancelled', async () => {
    const { engine, app, gate, order } = await startGated()
    await updateQueue(app, { concurrentJobs: 2 })
    const repository = await addRepository(app)
    const first = await addJob(app, repository, backup)
    await gate.begun(first)
    const [woken, next] = [await addJob(app, repository, backup), await addJob(app, repository, backup)]
    for (const id of [woken, next]) {
      await engine.jobWhere(id, ({ waitingFor }) => waitingFor === 'another job of this repository to end (backup)')
    }
    const busy = await addJob(app, await addRepository(app))
    await gate.begun(busy)
    const last = await addJob(app, await addRepository(app))
    for (const id of [last, woken, next]) {
      await engine.jobWhere(id, ({ waitingFor }) => waitingFor === 'one of the 2 jobs that run to end')
    }

    await cancelJob(app, first)
    await gate.begun(last)
    await cancelJob(app, woken)
    expect(await engine.jobEnd(woken)).toMatchObject({ state: 'CANCELLED', problem: 'Cancelled before it began.' })
    for (const id of [busy, last, next]) gate.open(id)
    expect(await engine.jobEnd(next)).toMatchObject({ state: 'COMPLETED' })
    expect(order).toEqual([first, busy, last, next])
  })

  test('goes by priority, which may be changed while it waits', async () => {
    const { engine, app, gate, order } = await startGated()
    await updateQueue(app, { concurrentJobs: 1 })
    const first = await addJob(app, await addRepository(app))
    await gate.begun(first)
    const add = async (priority: 'LOW' | 'NORMAL' | 'HIGH') => {
      const id = await addJob(app, await addRepository(app), { priority })
      await engine.jobWhere(id, isQueued)
      return id
    }
    const [low, normal, high, raised] = [await add('LOW'), await add('NORMAL'), await add('HIGH'), await add('LOW')]
    expect(await setJobPriority(app, raised, 'HIGH')).toMatchObject({ priority: 'HIGH', state: 'QUEUED' })
    for (const id of [first, high, raised, normal, low]) gate.open(id)
    await engine.jobEnd(low)
    expect(order).toEqual([first, high, raised, normal, low])
    await expect(setJobPriority(app, low, 'HIGH')).rejects.toThrow('does not wait any more')
    await expect(setJobPriority(app, 'nothing', 'HIGH')).rejects.toThrow('There is no job with this id.')
  })

  test('is not starved by a repository with many jobs', async () => {
    const { engine, app, gate, order } = await startGated()
    await updateQueue(app, { concurrentJobs: 1 })
    const busy = await addRepository(app)
    const crowd = await addBeside(engine, busy, 6)
    await gate.begun([...crowd].sort()[0] ?? '')
    const others = [await addJob(app, await addRepository(app)), await addJob(app, await addRepository(app))]
    for (const id of others) await engine.jobWhere(id, isQueued)
    for (const id of [...crowd, ...others]) gate.open(id)
    for (const id of [...crowd, ...others]) await engine.jobEnd(id)
    expect(order.slice(1, 3)).toEqual(others)
  })
})

describe('a job that nobody announced', () => {
  test('is taken up at the start, and while the server runs', async () => {
    const runs: string[] = []
    const kinds = kindsWith(async ({ job }) => {
      runs.push(job.id)
      return completed
    })
    const { app } = await createApp()
    const repository = await addRepository(app)
    const before = await writeJob(app, repository)
    const engine = await startEngine(kinds, app, { lookEvery: 50 })
    expect(await engine.jobEnd(before)).toMatchObject({ state: 'COMPLETED' })
    const another = await writeJob(app, repository)
    // As another server leaves it that has shown what it waits for, and one whose next try is due.
    const due = { state: 'QUEUED', waitingFor: 'the time of its next try', notBefore: new Date() } as const
    const left = await writeJob(app, repository, due)
    for (const id of [another, left]) expect(await engine.jobEnd(id)).toMatchObject({ state: 'COMPLETED' })
    expect(runs.toSorted()).toEqual([before, another, left].toSorted())
  })

  test('is left alone where it runs, or is not to begin yet', async () => {
    const gate = createGate()
    const engine = await startEngine(kindsWith(gate.run), undefined, { lookEvery: 20 })
    const { app } = engine
    const running = await addJob(app, await addRepository(app))
    await gate.begun(running)
    const notBefore = new Date(Date.now() + 3_600_000)
    const later = await writeJob(app, await addRepository(app), { state: 'QUEUED', notBefore })
    const last = await writeJob(app, await addRepository(app))
    await gate.begun(last)
    expect(await app.db.job.findUniqueOrThrow({ where: { id: later } })).toMatchObject({ state: 'QUEUED', notBefore })
    for (const id of [running, last]) {
      gate.open(id)
      expect(await engine.jobEnd(id)).toMatchObject({ state: 'COMPLETED' })
    }
  })
})

describe('two servers on the same records', () => {
  test('never both run a job', async () => {
    const count = new Map<string, number>()
    const atWork = new Map<string, readonly TaskKind[]>()
    const overlaps: string[] = []
    const step: Run = async ({ job, task }) => {
      const repositoryId = job.repositoryId ?? ''
      count.set(job.id, (count.get(job.id) ?? 0) + 1)
      if (task.kind === 'DRY_RUN') return completed
      const others = atWork.get(repositoryId) ?? []
      if (others.some((kind) => kind === 'BACKUP' || task.kind === 'BACKUP')) overlaps.push(job.id)
      atWork.set(repositoryId, [...others, task.kind])
      await new Promise(setImmediate)
      const left = atWork.get(repositoryId) ?? []
      atWork.set(repositoryId, left.toSpliced(left.indexOf(task.kind), 1))
      return completed
    }
    const one = await startEngine(kindsWith(step))
    const two = await startEngine(kindsWith(step), one.app)
    const repositories = [await addRepository(one.app), await addRepository(one.app), await addRepository(one.app)]
    const ids: string[] = []
    for (let index = 0; index < 60; index += 1) {
      const repository = repositories[index % 3]
      if (repository === undefined) throw new Error('no repository')
      const kind = (['BACKUP', 'LIST', 'DRY_RUN', 'DRY_RUN'] as const)[index % 4] ?? 'LIST'
      ids.push(await writeJob(one.app, repository, { tasks: [{ kind }] }))
    }
    // Both are told of each, one after the other first.
    ids.forEach((id, index) => {
      for (const { app } of index % 2 === 0 ? [one, two] : [two, one]) announceJob(app, id)
    })
    const hasEnded = async () => (await one.app.db.job.count({ where: { finishedAt: null } })) === 0
    await poll('all jobs have ended', hasEnded)
    expect([...count.values()].filter((runs) => runs !== 1)).toEqual([])
    expect(count.size).toBe(60)
    expect(overlaps).toEqual([])
    expect(await one.app.db.lease.count()).toBe(0)
    const servers = await one.app.db.job.groupBy({ by: ['serverId'], _count: true })
    expect(servers.length).toBe(2)
  })

  test('wait for each other’s lease, and show it', async () => {
    const gate = createGate()
    const one = await startEngine(kindsWith(gate.run))
    const repository = await addRepository(one.app)
    const held = await addJob(one.app, repository, { kind: 'BACKUP', tasks: [{ kind: 'BACKUP' }] })
    await gate.begun(held)
    const other = await startEngine(
      kindsWith(async () => completed),
      one.app,
    )
    const waiting = await writeJob(one.app, repository)
    announceJob(other.app, waiting)
    expect((await other.jobWhere(waiting, isQueued)).waitingFor).toBe('another job of this repository to end (backup)')
    gate.open(held)
    expect(await other.jobEnd(waiting)).toMatchObject({ state: 'COMPLETED' })
  })
})
