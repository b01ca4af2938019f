import type { Prisma, Repository, RepositoryDoubt, RepositoryState } from '../../prisma/generated/client/client.ts'
import type { Database } from '../database/client.ts'

/** What is at the place of a repository and not taken for it, and why. */
export interface Doubt {
  readonly reason: RepositoryDoubt
  /** Borg's id of it. */
  readonly borgId: string
}

/** What can happen to a repository that tells whether it can be used. */
export type RepositoryEvent =
  /** Borg opened it. */
  | { readonly type: 'OPENED' }
  /** It could not be opened. */
  | { readonly type: 'NOT_OPENED'; readonly problem: string; readonly doubt: Doubt | null }
  /** Somebody else held its lock for too long, which tells nothing of the repository. */
  | { readonly type: 'LOCKED'; readonly problem: string }
  /** The job that creates or imports it has ended, in whatever way. */
  | { readonly type: 'SET_UP_ENDED'; readonly problem: string | null }

interface Transition {
  /** Where it leads on from; in all other states the repository stays as it is. */
  readonly from: readonly RepositoryState[]
  readonly to: Pick<Repository, 'problem'> & Partial<Pick<Repository, 'state' | 'doubt' | 'foundBorgId'>>
}

/** What becomes of the state of a repository: what happened last decides. */
export const transition = (event: RepositoryEvent): Transition => {
  switch (event.type) {
    case 'OPENED':
      return { from: ['PENDING', 'FAILED'], to: { state: 'READY', problem: null, doubt: null, foundBorgId: null } }
    case 'NOT_OPENED': {
      const { problem, doubt } = event
      const found = { doubt: doubt?.reason ?? null, foundBorgId: doubt?.borgId ?? null }
      return { from: ['PENDING', 'READY', 'FAILED'], to: { state: 'FAILED', problem, ...found } }
    }
    case 'LOCKED':
      return { from: ['FAILED'], to: { problem: event.problem } }
    case 'SET_UP_ENDED':
      return { from: ['PENDING'], to: { state: 'FAILED', problem: event.problem } }
  }
}

/** Writes down what has happened to repositories. Nothing else writes their state. */
export const repositoryEvent = (
  db: Pick<Database, 'repository'>,
  where: Prisma.RepositoryWhereInput,
  event: RepositoryEvent,
): Prisma.PrismaPromise<Prisma.BatchPayload> => {
  const { from, to } = transition(event)
  return db.repository.updateMany({ where: { AND: [where, { state: { in: [...from] } }] }, data: to })
}

/**
 * Whether jobs may be begun that need the repository. One that was opened before is tried again however the last time
 * went: a disk that is plugged in again must not wait for a person.
 */
export const isUsable = ({ state, refreshedAt }: Pick<Repository, 'state' | 'refreshedAt'>): boolean =>
  state === 'READY' || (state === 'FAILED' && refreshedAt !== null)
