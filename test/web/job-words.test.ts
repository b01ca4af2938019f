import { expect, test } from 'vitest'
import {
  sayAsker,
  sayJob,
  sayLineage,
  sayOrdinal,
  sayPolicies,
  sayTries,
  taskOfInterest,
} from '../../web/src/pages/jobs/job-words.ts'

type Task = Parameters<typeof taskOfInterest>[0]['tasks'][number]

const task = (kind: Task['kind'], more: Partial<Task> = {}) =>
  ({
    id: kind,
    kind,
    state: 'COMPLETED',
    hookMoment: null,
    condition: 'UNLESS_FAILED',
    onFailure: 'STOP',
    attempt: 1,
    retries: 0,
    timeLimit: null,
    ...more,
  }) as Task

const now = Date.parse('2026-11-23T10:00:00Z')

test('should count as English does', () => {
  expect([1, 2, 3, 4, 11, 12, 21, 112].map(sayOrdinal)).toEqual([
    '1st',
    '2nd',
    '3rd',
    '4th',
    '11th',
    '12th',
    '21st',
    '112th',
  ])
})

test('should say which try it is, and when the next one is', () => {
  const tries = { attempt: 2, retries: 2 }
  expect(sayTries({ ...tries, state: 'RUNNING' }, null, now)).toBe('2nd try of 3')
  expect(sayTries({ ...tries, state: 'QUEUED' }, '2026-11-23T10:05:00Z', now)).toBe(
    '2nd try of 3 failed, the next begins in 5 minutes',
  )
  expect(sayTries({ ...tries, state: 'QUEUED' }, '2026-11-23T09:59:00Z', now)).toContain('as soon as it can')
  expect(sayTries({ ...tries, state: 'COMPLETED' }, null, now)).toBe('2nd try of 3')
  expect(sayTries({ attempt: 3, retries: 2, state: 'FAILED' }, null, now)).toBe('Failed 3 times')
  expect(sayTries({ attempt: 1, retries: 2, state: 'COMPLETED' }, null, now)).toBe('')
  expect(sayTries({ attempt: 1, retries: 0, state: 'RUNNING' }, null, now)).toBe('')
  expect(sayTries({ attempt: 0, retries: 2, state: 'PENDING' }, null, now)).toBe('')
})

test('should say when a hook runs and what its failure does, and nothing of what is as usual', () => {
  const hook = task('HOOK', {
    hookMoment: 'ON_FAILURE',
    condition: 'ON_FAILURE',
    onFailure: 'CONTINUE',
    timeLimit: 300,
  })
  expect(sayPolicies(hook)).toEqual([
    'Runs after a failure.',
    'Its failure is only a warning.',
    'A try is stopped after 5 min.',
  ])
  expect(sayPolicies(task('HOOK', { hookMoment: 'BEFORE' }))).toContain('Runs before the backup.')
  expect(sayPolicies(task('BACKUP'))).toEqual([])
})

test('should open what failed, what prepares now, or what the job is for', () => {
  const prepare = task('HOOK', { hookMoment: 'BEFORE', state: 'RUNNING' })
  const backup = task('BACKUP', { state: 'PENDING' })
  expect(taskOfInterest({ state: 'RUNNING', tasks: [prepare, backup] })).toBe(prepare)
  expect(taskOfInterest({ state: 'RUNNING', tasks: [task('HOOK'), backup] })).toBe(backup)
  const warning = task('HOOK', { state: 'FAILED', onFailure: 'CONTINUE' })
  const failure = task('BACKUP', { state: 'FAILED' })
  expect(taskOfInterest({ state: 'FAILED', tasks: [warning, failure] })).toBe(failure)
  expect(taskOfInterest({ state: 'COMPLETED_WITH_WARNINGS', tasks: [task('BACKUP'), warning] })).toBe(warning)
})

test('should call a job by its plan where it has one', () => {
  const plan = { id: '1', name: 'photos' }
  const job = { repositoryNames: ['family'], plan: null }
  expect(sayJob({ ...job, kind: 'BACKUP', plan })).toBe('photos: backup into family')
  expect(sayJob({ ...job, kind: 'DRY_RUN', plan })).toBe('photos: dry run for family')
  expect(sayJob({ ...job, kind: 'BACKUP' })).toBe('Backup of family')
  expect(sayJob({ ...job, kind: 'REFRESH_ARCHIVES' })).toBe('Refresh of archives in family')
  const kind = 'BACKUP'
  expect(sayJob({ repositoryNames: ['family', 'attic'], kind, plan })).toBe('photos: backup into family and attic')
  expect(sayJob({ repositoryNames: ['a', 'b', 'c'], kind, plan: null })).toBe('Backup of a and 2 more')
  expect(sayJob({ repositoryNames: [], kind, plan: null })).toBe('Backup')
})

test('should say who asked for a job, and what it has to do with others', () => {
  expect(sayAsker({ schedule: { id: '2', name: 'Nightly' }, requestedBy: null })).toBe('by schedule Nightly')
  expect(sayAsker({ schedule: null, requestedBy: { id: '3', username: 'ada' } })).toBe('by ada')
  expect(sayAsker({ schedule: null, requestedBy: null })).toBe('')
  expect(sayLineage({ retryOf: { id: '1' }, retries: [{ id: '2' }, { id: '3' }] })).toBe(
    'Tries another job again · Was tried again 2 times',
  )
  expect(sayLineage({ retryOf: null, retries: [] })).toBe('')
})
