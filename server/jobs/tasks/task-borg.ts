import type { LeaseMode, Prisma, Repository } from '../../../prisma/generated/client/client.ts'
import { canWrite } from '../../borg/can-write.ts'
import type { BorgEvent } from '../../borg/messages.ts'
import type { BorgRepository } from '../../borg/repository.ts'
import { type Command, commandLine } from '../../process/command.ts'
import { describeLocks } from '../../repositories/locks.ts'
import { placeOf } from '../../repositories/place.ts'
import type { TaskContext } from '../records/kind-definition.ts'
import { leasesBeside } from '../records/leases.ts'
import { type BorgListeners, type BorgRun, runBorg } from './borg-run.ts'
import { checkBorg } from './borg-version.ts'
import { isOwnTrouble, mendCache, mendSecurity } from './mend-borg.ts'

/** How a task has borg run. */
export interface TaskListeners extends BorgListeners {
  /** Whether it is not what the task is for: the task's command line and exit code stay those of another one. */
  readonly isAside?: boolean
  /** Whether it changes nothing that is kept, whatever it does: it works with a base folder that is removed afterwards. */
  readonly isTrial?: boolean
}

type RunCommand = Command<BorgEvent>

/** Starts borg and writes down what it says. A failure says what it has left changed, too. */
export type RunBorg = (command: RunCommand, listeners?: TaskListeners) => Promise<BorgRun>

interface OpenedBy {
  readonly repository: Repository
  readonly borg: BorgRepository
  readonly lease: LeaseMode | null
}

const neverRun = (message: string): BorgRun => ({
  exitCode: null,
  failure: { message, isRepositoryOpened: false, hasWritten: false },
  warning: null,
  hasWarnings: false,
  errors: [],
  hasBegun: false,
  leftRunning: [],
})

/** The same with one more sentence about the failure. */
const withWords = (ended: BorgRun, words: string): BorgRun => {
  if (ended.failure === null) return ended
  const { message } = ended.failure
  const sentence = /[.!?…]$/.test(message) ? message : `${message}.`
  return { ...ended, failure: { ...ended.failure, message: `${sentence} ${words}` } }
}

/**
 * Runs borg for a task: after a look at its version, with the word for whom it waits, with what it keeps for itself put in
 * order where that is what it fails for, and with the truth about what a failure has left changed.
 */
export const borgForTask = (
  { app: { db }, task, journal, persist, signal, environment, whatChanged }: TaskContext,
  { repository, borg, lease }: OpenedBy,
): RunBorg => {
  const note = (data: Prisma.TaskUncheckedUpdateInput) =>
    persist(() => db.task.update({ where: { id: task.id }, data, select: { id: true } }))

  /** Those who keep this task from the repository: one that reads is kept out only by who holds the lock alone. */
  const lockHolders = async () => {
    if (lease === null) return []
    return (await placeOf(repository).readLocks()).filter(
      ({ isExclusive }) => isExclusive || !leasesBeside(lease).includes('READ'),
    )
  }

  const runOnce = async (command: RunCommand, { isAside, ...listeners }: TaskListeners): Promise<BorgRun> => {
    if (!isAside) await note({ commandLine: commandLine(command) })
    const holders = await lockHolders()
    if (holders.length > 0) {
      journal.progress({ message: `Waits up to ${repository.lockWait} s: ${describeLocks(holders)}.` })
    }
    const ended = await runBorg(command, { ...listeners, journal, signal, environment })
    const timeout = ended.errors.find(({ messageId }) => messageId === 'LockTimeout')
    if (ended.failure === null || timeout === undefined) return ended
    const isOfRepository = !timeout.message.includes(borg.baseFolder)
    const now = isOfRepository ? await lockHolders() : []
    const who = describeLocks(now.length > 0 ? now : isOfRepository ? holders : [])
    const what = isOfRepository ? 'the lock of the repository' : 'the lock of borg’s cache'
    const message = `Waited ${repository.lockWait} s for ${what}${who === '' ? '' : `: ${who}`}.`
    return { ...ended, failure: { ...ended.failure, message } }
  }

  const runMended = async (command: RunCommand, listeners: TaskListeners): Promise<BorgRun> => {
    if (lease === null) return runOnce(command, listeners)
    const known = { db, repository, borg }
    const security = await mendSecurity(known)
    await journal.output(security.mended)
    const ended = await runOnce(command, listeners)
    if (ended.failure === null || signal.aborted) return ended
    if (security.wayOut !== null && isOwnTrouble(ended.errors)) return withWords(ended, security.wayOut)
    const { mended, wayOut } = await mendCache(known, ended.errors)
    if (wayOut !== null) return withWords(ended, wayOut)
    if (mended.length === 0) return ended
    await journal.output(mended)
    // What it has said already has been taken for its answer.
    return ended.hasBegun ? withWords(ended, `${mended.join(' ')} Try again.`) : runOnce(command, listeners)
  }

  return async (command, listeners = {}) => {
    const problem = await checkBorg(environment, signal)
    const ended = problem === null ? await runMended(command, listeners) : neverRun(problem)
    const { exitCode, failure } = ended
    const hasWritten = canWrite(command) && !listeners.isTrial && (failure === null || failure.hasWritten)
    const data = { ...(!listeners.isAside && { exitCode }), ...(hasWritten && { writtenAt: new Date() }) }
    if (problem === null) await note(data)
    if (failure === null) return ended
    // What lies in our own folder nobody else is to be asked about.
    const isOwnFolder =
      failure.message.includes(`${borg.baseFolder}/`) && failure.message.startsWith('Permission denied')
    const told = isOwnFolder ? withWords(ended, 'Let the user that Borgitory runs as write in its data folder.') : ended
    return withWords(told, await whatChanged(hasWritten))
  }
}
