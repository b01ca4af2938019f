import { describe, expect, test } from 'vitest'
import {
  chooseJobs,
  type RunningJob,
  type Situation,
  type WaitingJob,
} from '../../../../server/jobs/engine/dispatcher.ts'

const writes = (repositoryId: string) => ({ repositoryId, mode: 'WRITE' }) as const

const waiting = (id: string, job: Partial<WaitingJob> = {}): WaitingJob => ({
  id,
  kind: 'BACKUP',
  limit: (job.kind ?? 'BACKUP') === 'BACKUP' ? 'concurrentBackups' : null,
  priority: 'NORMAL',
  lease: writes(id),
  isLeasedAtOnce: true,
  notBefore: null,
  deadline: null,
  isCancelled: false,
  ...job,
})

const running = (repositoryId: string, job: Partial<RunningJob> = {}): RunningJob => ({
  kind: 'BACKUP',
  limit: (job.kind ?? 'BACKUP') === 'BACKUP' ? 'concurrentBackups' : null,
  lease: writes(repositoryId),
  ...job,
})

const limits = { isPaused: false, concurrentJobs: 4, concurrentBackups: 4 }

const decideFor = (jobs: readonly WaitingJob[], situation: Partial<Situation> = {}) => {
  const choice = chooseJobs({
    waiting: jobs,
    running: [],
    limits,
    servedAt: new Map(),
    heldElsewhere: new Map(),
    now: 1000,
    ...situation,
  })
  return {
    begin: choice.begin.map(({ id }) => id),
    end: choice.end.map(({ job, why }) => [job.id, why]),
    reasons: Object.fromEntries([...choice.reasons].map(([{ id }, reason]) => [id, reason])),
    lookAgainAt: choice.lookAgainAt,
  }
}

const one = { ...limits, concurrentJobs: 1 }

describe('what begins', () => {
  test('is everything where nothing stands against it', () => {
    expect(decideFor([waiting('a'), waiting('b')])).toEqual({
      begin: ['a', 'b'],
      end: [],
      reasons: {},
      lookAgainAt: null,
    })
  })

  test('is by priority first, however old the others are', () => {
    const jobs = [waiting('a', { priority: 'LOW' }), waiting('b'), waiting('c', { priority: 'HIGH' })]
    expect(decideFor(jobs, { limits: one })).toMatchObject({
      begin: ['c'],
      reasons: { a: { type: 'PLACE' }, b: { type: 'PLACE' } },
    })
    expect(decideFor(jobs).begin).toEqual(['c', 'b', 'a'])
  })

  test('is of the repository that was served longest ago, then the oldest', () => {
    const jobs = [
      waiting('a'),
      waiting('b'),
      waiting('d', { lease: writes('new') }),
      waiting('c', { lease: writes('new') }),
    ]
    const servedAt = new Map([
      ['a', 7],
      ['b', 3],
    ])
    expect(decideFor(jobs, { servedAt }).begin).toEqual(['c', 'b', 'a'])
  })

  test('takes turns between repositories within one choice', () => {
    const jobs = ['a', 'b', 'c', 'd'].map((id) => waiting(id, { lease: writes('busy'), isLeasedAtOnce: false }))
    expect(decideFor([...jobs, waiting('e')], { limits: { ...limits, concurrentJobs: 2 } }).begin).toEqual(['a', 'e'])
  })

  test('leaves out who waits for a lease, and holds up no other for it', () => {
    const jobs = [waiting('a', { lease: writes('held') }), waiting('b', { lease: null }), waiting('c')]
    expect(decideFor(jobs, { running: [running('held', { kind: 'REFRESH_ARCHIVES' })] })).toMatchObject({
      begin: ['b', 'c'],
      reasons: { a: { type: 'LEASE', holder: 'REFRESH_ARCHIVES' } },
    })
  })

  test('is one of several that need the lease of the same repository', () => {
    const jobs = [waiting('a', { lease: writes('same') }), waiting('b', { lease: writes('same') })]
    expect(decideFor(jobs)).toMatchObject({ begin: ['a'], reasons: { b: { type: 'LEASE', holder: 'BACKUP' } } })
  })

  test('are all that read the same repository, and none that writes to it meanwhile', () => {
    const reads = { kind: 'REFRESH_ARCHIVES', lease: { repositoryId: 'same', mode: 'READ' } } as const
    const jobs = [waiting('a', reads), waiting('b', { lease: writes('same') }), waiting('c', reads)]
    expect(decideFor(jobs)).toMatchObject({
      begin: ['a'],
      reasons: { b: { type: 'LEASE', holder: 'REFRESH_ARCHIVES' }, c: { type: 'LEASE', holder: 'BACKUP' } },
    })
    expect(decideFor([waiting('a', reads), waiting('c', reads)], { running: [running('same', reads)] }).begin).toEqual([
      'a',
      'c',
    ])
    expect(decideFor([waiting('a', reads)], { running: [running('same')] }).begin).toEqual([])
  })

  test('are those that read before one that writes and comes after them, or cannot begin yet', () => {
    const reads = { kind: 'REFRESH_ARCHIVES', lease: { repositoryId: 'same', mode: 'READ' } } as const
    const situation = { running: [running('same', reads)] }
    const later = waiting('b', { lease: writes('same') })
    expect(decideFor([later, waiting('a', reads)], situation).begin).toEqual(['a'])
    expect(decideFor([later, waiting('c', { ...reads, priority: 'HIGH' })], situation).begin).toEqual(['c'])
    expect(decideFor([{ ...later, notBefore: 5000 }, waiting('c', reads)], situation).begin).toEqual(['c'])
  })

  test('keeps to the limit of backups, and others go past them', () => {
    const jobs = [waiting('a'), waiting('b', { kind: 'REFRESH_ARCHIVES' })]
    const situation = { running: [running('x')], limits: { ...limits, concurrentBackups: 1 } }
    expect(decideFor(jobs, situation)).toMatchObject({ begin: ['b'], reasons: { a: { type: 'BACKUP_PLACE' } } })
  })

  test('is nothing while more runs than a lowered limit allows', () => {
    const situation = { running: [running('x'), running('y')], limits: one }
    expect(decideFor([waiting('a')], situation)).toMatchObject({ begin: [], reasons: { a: { type: 'PLACE' } } })
  })

  test('is nothing while the queue is paused', () => {
    expect(decideFor([waiting('a')], { limits: { ...limits, isPaused: true } })).toMatchObject({
      begin: [],
      reasons: { a: { type: 'RESUMPTION' } },
    })
  })

  test('is nothing before its time, which is looked at again then', () => {
    const jobs = [
      waiting('a', { notBefore: 1500 }),
      waiting('b', { notBefore: 1001 }),
      waiting('c', { notBefore: 1000 }),
    ]
    expect(decideFor(jobs)).toMatchObject({
      begin: ['c'],
      reasons: { a: { type: 'NEXT_TRY' }, b: { type: 'NEXT_TRY' } },
      lookAgainAt: 1001,
    })
  })

  test('waits for a lease of another server until it is time to look again', () => {
    const heldElsewhere = new Map([['a', { kind: 'BACKUP', mode: 'WRITE', until: 1500 } as const]])
    expect(decideFor([waiting('a')], { heldElsewhere })).toMatchObject({
      begin: [],
      reasons: { a: { type: 'LEASE', holder: 'BACKUP' } },
      lookAgainAt: 1500,
    })
    expect(decideFor([waiting('a')], { heldElsewhere, now: 1500 })).toMatchObject({ begin: ['a'], lookAgainAt: null })
  })
})

describe('what ends', () => {
  const full = { running: [running('x')], limits: { ...one, isPaused: true } }

  test('is at once what is left of a cancelled job, with all places taken and the queue paused', () => {
    expect(decideFor([waiting('a', { isCancelled: true, notBefore: 9000 })], full)).toMatchObject({
      begin: [],
      end: [['a', 'CANCELLED']],
      lookAgainAt: null,
    })
  })

  test('is what has taken as long as it may, while it waits', () => {
    const jobs = [waiting('a', { deadline: 1000 }), waiting('b', { deadline: 1200, notBefore: 1100 })]
    expect(decideFor(jobs)).toMatchObject({
      end: [['a', 'OVERDUE']],
      reasons: { b: { type: 'NEXT_TRY' } },
      lookAgainAt: 1100,
    })
    expect(decideFor(jobs, full)).toMatchObject({ end: [['a', 'OVERDUE']], lookAgainAt: 1100 })
  })
})

test('ten thousand jobs that wait are looked at as they are, the oldest of their repositories first', () => {
  const jobs = Array.from({ length: 10_000 }, (_, index) =>
    waiting(String(index).padStart(5, '0'), { lease: writes(`repository ${index % 100}`) }),
  )
  expect(decideFor(jobs).begin).toEqual(['00000', '00001', '00002', '00003'])
})
