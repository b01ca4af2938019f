import type { Task } from '../../../prisma/generated/client/client.ts'
import { TaskKind } from '../../../prisma/generated/client/enums.ts'
import type { Database } from '../../database/client.ts'
import type { TaskKinds } from './kind-definition.ts'

/** What holds of the repository however far a task came that adds to it, or only reads. */
export const wholeArchives = 'Archives made before are whole.'

/** A task that has done something, or may have. */
export interface DoneTask {
  readonly kind: TaskKind
  /** Whether it did what it was for; where it did not, it may have come any way. */
  readonly isCompleted: boolean
}

/** What a task that was stopped before its end may have left, in a sentence. */
export const whatMayBeLeft = (kinds: TaskKinds, kind: TaskKind): string => {
  const { effects } = kinds[kind]
  return effects === 'ELSEWHERE' ? wholeArchives : effects.unfinished
}

/**
 * What a failure has left changed in the repository, in a sentence, from what was run: `writing` is the kind of the task
 * that failed where one of its commands may have written something, `before` what the job did until then.
 */
export const whatChanged = (kinds: TaskKinds, writing: TaskKind | null, before: readonly DoneTask[]): string => {
  const unfinished = new Set(
    [...before.filter(({ isCompleted }) => !isCompleted).map(({ kind }) => kind), ...(writing ? [writing] : [])]
      .filter((kind) => kinds[kind].effects !== 'ELSEWHERE')
      .map((kind) => whatMayBeLeft(kinds, kind)),
  )
  const done = new Set(
    before.flatMap(({ kind, isCompleted }) => {
      const { effects } = kinds[kind]
      return isCompleted && effects !== 'ELSEWHERE' && effects.done !== null ? [effects.done] : []
    }),
  )
  if (unfinished.size > 0) return [...[...done].map((sentence) => `${sentence}.`), ...unfinished].join(' ')
  if (done.size > 0) return `${[...done].join('. ')}; nothing else was changed.`
  // A hook may do anything, but elsewhere.
  return before.length > 0 ? 'Nothing was changed in the repository.' : 'Nothing was changed.'
}

/** What a job has done before a try of a task, tries of the same task that failed counted in, but not to other repositories. */
export const readDoneTasks = async (
  { task: tasks }: Pick<Database, 'task'>,
  kinds: TaskKinds,
  { jobId, repositoryId }: Pick<Task, 'jobId' | 'repositoryId'>,
): Promise<readonly DoneTask[]> => {
  const elsewhere = Object.values(TaskKind).filter((kind) => kinds[kind].effects === 'ELSEWHERE')
  const done = await tasks.findMany({
    where: {
      jobId,
      AND: [
        { OR: [{ repositoryId }, { repositoryId: null }] },
        { OR: [{ writtenAt: { not: null } }, { kind: { in: elsewhere }, attempt: { gt: 0 } }] },
      ],
    },
    orderBy: { position: 'asc' },
    select: { kind: true, state: true },
  })
  return done.map(({ kind, state }) => ({
    kind,
    isCompleted: state === 'COMPLETED' || state === 'COMPLETED_WITH_WARNINGS',
  }))
}
