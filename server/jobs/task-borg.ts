import type { Prisma, Repository, Task } from '../../prisma/generated/client/client.ts'
import { canWrite } from '../borg/effects.ts'
import type { BorgRepository } from '../borg/repository.ts'
import type { Database } from '../database/client.ts'
import { commandLine } from '../process/command.ts'
import { type BorgRun, runBorg } from './borg-run.ts'
import type { CheckBorg } from './borg-version.ts'
import { readDoneTasks, whatChanged } from './changes.ts'
import type { Journal } from './journal.ts'
import { describeLocks, readLocks } from './locks.ts'
import { isOwnTrouble, mendCache, mendSecurity } from './mend-borg.ts'
import type { Persist } from './persistence.ts'
import type { StepContext, StepListeners } from './step.ts'
import { leaseFor } from './steps.ts'

interface TaskBorg {
  readonly db: Database
  readonly checkBorg: CheckBorg
  readonly task: Task
  readonly repository: Repository
  readonly borg: BorgRepository
  readonly journal: Journal
  readonly persist: Persist
  readonly signal: AbortSignal
  readonly environment: Readonly<Record<string, string>>
}

type RunBorg = StepContext['runBorg']
type Command = Parameters<RunBorg>[0]

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
export const borgForTask = ({
  db,
  checkBorg,
  task,
  repository,
  borg,
  journal,
  persist,
  signal,
  environment,
}: TaskBorg): RunBorg => {
  const note = (data: Prisma.TaskUncheckedUpdateInput) =>
    persist(() => db.task.update({ where: { id: task.id }, data, select: { id: true } }))

  const mode = leaseFor([task.kind])

  /** Those who keep this task from the repository: one that reads is kept out only by who holds the lock alone. */
  const lockHolders = async () => {
    if (mode === null) return []
    return (await readLocks(repository.location)).filter(({ isExclusive }) => isExclusive || mode === 'WRITE')
  }

  const runOnce = async (command: Command, { isAside, ...listeners }: StepListeners): Promise<BorgRun> => {
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

  const runMended = async (command: Command, listeners: StepListeners): Promise<BorgRun> => {
    if (mode === null) return runOnce(command, listeners)
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
    const before = await readDoneTasks(db, task)
    const problem = await checkBorg(signal)
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
    return withWords(told, whatChanged(hasWritten ? task.kind : null, before))
  }
}
