import type { LeaseMode, Repository, RepositoryDoubt } from '../../../prisma/generated/client/client.ts'
import type { BorgRepository } from '../../borg/repository.ts'
import { doesNotAnswer } from '../../folders/silent.ts'
import { borgOf } from '../../repositories/borg-access.ts'
import { checkIdentity, type Refusal } from '../../repositories/identity.ts'
import { placeOf } from '../../repositories/place.ts'
import { type RepositoryEvent, repositoryEvent } from '../../repositories/state.ts'
import type { TaskContext, TaskKindDefinition, TaskResult } from '../records/kind-definition.ts'
import { repositoryOf } from '../records/task-repositories.ts'
import type { BorgRun } from './borg-run.ts'
import { eventOf, type Opening } from './opening.ts'
import { borgForTask, type RunBorg } from './task-borg.ts'

/** How a task on a repository ended. */
export interface RepositoryTaskResult extends TaskResult {
  /** Why what is at the repository's place is not taken for it, where the task found that out by itself. */
  readonly doubt?: RepositoryDoubt
}

/** What a task on a repository can see and do besides. */
export interface RepositoryTaskContext extends TaskContext {
  readonly repository: Repository
  /** How borg is to open it. */
  readonly borg: BorgRepository
  /** Starts borg and writes down what it says. A failure says what it has left changed, too. */
  readonly runBorg: RunBorg
}

interface Use {
  /** Borg takes its lock, alone or shared; null where it does not open the repository. */
  readonly lease: LeaseMode | null
  readonly opening: Opening
  /** Whether the repository is to be there, and to be the one that is meant. */
  readonly isThere: boolean
}

const wasRemoved = 'Its repository was removed from Borgitory meanwhile.'

/** Writes down what has happened to the repository of a task, as soon as the records take it. */
const note = async ({ app, persist }: TaskContext, { id }: Repository, event: RepositoryEvent) => {
  const { count } = await persist(async () => repositoryEvent(app.db, { id }, event))
  if (count > 0) app.events.publish('repository:changed', id)
}

const refuse = async (context: TaskContext, repository: Repository, refusal: Refusal): Promise<TaskResult> => {
  const { doubt, isAboutJob } = refusal
  const problem = `${refusal.problem} ${await context.whatChanged()}`
  if (!isAboutJob) await note(context, repository, { type: 'NOT_OPENED', problem, doubt })
  return { state: 'FAILED', problem, isRepositoryOpened: false }
}

/** Whether what is at the place of the repository is that, and answers; null where it is and does. */
const check = async ({ app, job, signal }: TaskContext, repository: Repository): Promise<Refusal | null> => {
  if (await placeOf(repository).answers({ signal })) return checkIdentity(app.db, repository, job)
  const refusal = { problem: `${repository.location} ${doesNotAnswer}`, doubt: null }
  // Whoever was stopped meanwhile has found nothing out.
  return signal.aborted ? { ...refusal, isAboutJob: true } : refusal
}

/**
 * What a kind of task is that works on a repository by borg: before it begins, what is at the repository's
 * place is looked at, and afterwards it is written down what was learnt of the repository.
 */
export const onRepository = (
  { lease, opening, isThere }: Use,
  run: (context: RepositoryTaskContext) => Promise<RepositoryTaskResult>,
): Pick<TaskKindDefinition, 'lease' | 'run'> => ({
  lease,
  run: async (context) => {
    const { app, job, task, signal } = context
    const repository = await app.db.repository.findUnique({ where: { id: repositoryOf(job, task) ?? '' } })
    if (repository === null) return { state: 'FAILED', problem: wasRemoved, isRepositoryOpened: false }
    const borg = borgOf(app, repository)
    const refusal = isThere ? await check(context, repository) : null
    if (refusal !== null) return refuse(context, repository, refusal)
    const startBorg = borgForTask(context, { repository, borg, lease })
    let ended: BorgRun | null = null
    const result = await run({
      ...context,
      repository,
      borg,
      runBorg: async (...command) => {
        ended = await startBorg(...command)
        return ended
      },
    })
    if (lease === null || signal.aborted) return result
    const config = result.state === 'FAILED' ? await placeOf(repository).readConfig() : null
    const event = eventOf({ opening, result, run: ended, foundBorgId: config?.id ?? null })
    if (event !== null) await note(context, repository, event)
    return result
  },
})
