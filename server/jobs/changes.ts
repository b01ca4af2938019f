import type { Task, TaskKind } from '../../prisma/generated/client/client.ts'
import type { Database } from '../database/client.ts'

/** A task that has done something, or may have. */
export interface DoneTask {
  readonly kind: TaskKind
  /** Whether it did what it was for; where it did not, it may have come any way. */
  readonly isCompleted: boolean
}

interface Words {
  readonly done: string
  readonly unfinished: string
}

const wholeArchives = 'Archives made before are whole.'

const words: Partial<Record<TaskKind, Words>> = {
  IMPORT_KEY: {
    done: 'The key was imported before that',
    unfinished: 'The key may have been written already.',
  },
  INIT: {
    done: 'The repository was created before that',
    unfinished: 'What was begun of the repository is left at its path.',
  },
  ACCEPT_ROLLBACK: {
    done: 'What borg knew of a later state was removed before that',
    unfinished: 'What borg knew of a later state may have been removed already.',
  },
  BACKUP: { done: 'An archive was made before that', unfinished: wholeArchives },
}

/** What a task that was stopped before its end may have left, in a sentence. */
export const whatMayBeLeft = (kind: TaskKind): string => words[kind]?.unfinished ?? wholeArchives

/**
 * What a failure has left changed in the repository, in a sentence, from what was run: `writing` is the kind of the task
 * that failed where one of its commands may have written something, `before` what the job did until then.
 */
export const whatChanged = (writing: TaskKind | null, before: readonly DoneTask[]): string => {
  const unfinished = new Set(
    [...before.filter(({ isCompleted }) => !isCompleted).map(({ kind }) => kind), ...(writing ? [writing] : [])]
      .filter((kind) => kind !== 'HOOK')
      .map(whatMayBeLeft),
  )
  const done = new Set(
    before.flatMap(({ kind, isCompleted }) => (isCompleted && words[kind] ? [words[kind].done] : [])),
  )
  if (unfinished.size > 0) return [...[...done].map((sentence) => `${sentence}.`), ...unfinished].join(' ')
  if (done.size > 0) return `${[...done].join('. ')}; nothing else was changed.`
  // A hook may do anything, but elsewhere.
  return before.length > 0 ? 'Nothing was changed in the repository.' : 'Nothing was changed.'
}

/** What a job has done before a try of a task, tries of the same task that failed counted in. */
export const readDoneTasks = async (
  { task: tasks }: Pick<Database, 'task'>,
  { jobId }: Pick<Task, 'jobId'>,
): Promise<readonly DoneTask[]> => {
  const done = await tasks.findMany({
    where: { jobId, OR: [{ writtenAt: { not: null } }, { kind: 'HOOK', attempt: { gt: 0 } }] },
    orderBy: { position: 'asc' },
    select: { kind: true, state: true },
  })
  return done.map(({ kind, state }) => ({
    kind,
    isCompleted: state === 'COMPLETED' || state === 'COMPLETED_WITH_WARNINGS',
  }))
}
