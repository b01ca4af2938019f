import { describe, expect, test } from 'vitest'
import type { Database } from '../../../server/database/client.ts'
import { isUsable, type RepositoryEvent, repositoryEvent } from '../../../server/repositories/state.ts'
import { openRecords } from '../../support/records.ts'

const doubt = { reason: 'MOVED', borgId: 'f0' } as const
const opened: RepositoryEvent = { type: 'OPENED' }
const notOpened: RepositoryEvent = { type: 'NOT_OPENED', problem: 'It is gone.', doubt: null }
const doubted: RepositoryEvent = { type: 'NOT_OPENED', problem: 'It was moved.', doubt }
const locked: RepositoryEvent = { type: 'LOCKED', problem: 'Somebody holds the lock.' }
const setUpEnded: RepositoryEvent = { type: 'SET_UP_ENDED', problem: 'It was cancelled.' }

let count = 0

/** What is known of a new repository after all that, in the order in which it happens. */
const standingAfter = async (db: Database, events: readonly RepositoryEvent[]) => {
  count += 1
  const { id } = await db.repository.create({ data: { name: `repository ${count}`, location: `/${count}` } })
  for (const event of events) await repositoryEvent(db, { id }, event)
  const { state, problem, doubt, foundBorgId } = await db.repository.findUniqueOrThrow({ where: { id } })
  return [state, problem, doubt, foundBorgId]
}

describe('the state of a repository', () => {
  test('is what happened last', async () => {
    const db = await openRecords()
    const ready = ['READY', null, null, null]
    const gone = ['FAILED', 'It is gone.', null, null]
    const moved = ['FAILED', 'It was moved.', 'MOVED', 'f0']
    const expected: [readonly RepositoryEvent[], (string | null)[]][] = [
      [[], ['PENDING', null, null, null]],
      [[opened], ready],
      [[opened, notOpened], gone],
      [[opened, notOpened, opened], ready],
      [[doubted], moved],
      [[doubted, notOpened], gone],
      [[opened, doubted, opened], ready],
      // A lock that somebody holds tells nothing of the repository, but is why it could not be opened the last time.
      [[opened, locked], ready],
      [[locked], ['PENDING', null, null, null]],
      [
        [doubted, locked],
        ['FAILED', 'Somebody holds the lock.', 'MOVED', 'f0'],
      ],
      // Only what waits for the job that creates or imports it fails with it.
      [[setUpEnded], ['FAILED', 'It was cancelled.', null, null]],
      [[opened, setUpEnded], ready],
      [[notOpened, setUpEnded], gone],
    ]
    for (const [events, standing] of expected) expect(await standingAfter(db, events)).toEqual(standing)
  })

  test('keeps jobs from beginning until it was opened for the first time, and not after that', () => {
    const refreshedAt = new Date()
    expect(isUsable({ state: 'PENDING', refreshedAt: null })).toBe(false)
    expect(isUsable({ state: 'FAILED', refreshedAt: null })).toBe(false)
    expect(isUsable({ state: 'READY', refreshedAt })).toBe(true)
    expect(isUsable({ state: 'FAILED', refreshedAt })).toBe(true)
  })
})
