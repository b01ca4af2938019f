import type { Task } from '../../../prisma/generated/client/client.ts'
import { dependsOn } from '../records/task-dependencies.ts'
import { afterTask, nothingYet, type Outcome } from './outcome.ts'

type OfTask = Pick<Task, 'repositoryId' | 'onFailure'>

/** How a job stands after those of its tasks that have ended, all in all and for each of the others. */
export interface Standing {
  /** All in all. */
  readonly whole: Outcome
  /** For a task: after those of which it depends. */
  before(task: Pick<Task, 'repositoryId'>): Outcome
  /** Notes how a task has ended. */
  note(task: OfTask, outcome: Outcome): void
  /** Notes why the job is being ended: that holds for all of its tasks. */
  stop(outcome: Outcome): void
}

export const createStanding = (): Standing => {
  const ended: { readonly task: OfTask; readonly outcome: Outcome }[] = []
  const after = (counts: (task: OfTask) => boolean) =>
    ended.reduce((soFar, { task, outcome }) => (counts(task) ? afterTask(soFar, task, outcome) : soFar), nothingYet)
  return {
    get whole() {
      return after(() => true)
    },
    before: (task) => after((other) => dependsOn(task, other)),
    note(task, outcome) {
      ended.push({ task, outcome })
    },
    stop(outcome) {
      ended.push({ task: { repositoryId: null, onFailure: 'STOP' }, outcome })
    },
  }
}
