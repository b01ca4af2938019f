import type { BorgEvent, BorgFileProblem } from '../borg/messages.ts'
import { fileProblem, outputLines } from '../borg/messages.ts'
import { type BorgError, type BorgFailure, borgFailure } from '../borg/problems.ts'
import type { Command } from '../process/command.ts'
import { type Exit, run } from '../process/run.ts'
import type { Journal } from './journal.ts'
import { createRateMeter } from './rate.ts'

/** How a borg command ended. */
export interface BorgRun {
  readonly exitCode: number | null
  /** Null where borg did what it was told, with or without warnings. */
  readonly failure: BorgFailure | null
  readonly hasWarnings: boolean
  /** The messages that came with the failure; at most the last fifty. */
  readonly errors: readonly BorgError[]
  /** The process ids of what could not be ended. */
  readonly leftRunning: readonly number[]
}

export interface BorgListeners {
  /** Gets borg's standard output. */
  readonly onOutput?: (data: Buffer) => void
  readonly onFileProblem?: (problem: BorgFileProblem) => void
  /** Gets all that borg says on standard error; borg is read on once what it returns is done. */
  readonly onEvent?: (event: BorgEvent) => void | Promise<void>
}

/** The most errors that are kept to find out why a command failed; all of them are in the output. */
const keptErrors = 50

const neverStarted = {
  missing: 'Borg is not installed on this machine: install the package borgbackup. Nothing was changed.',
  refused: 'Borg could not be started. Nothing was changed.',
}

const failureOf = (exit: Exit, errors: readonly BorgError[]): BorgFailure | null => {
  if (exit.startFailure) return { message: neverStarted[exit.startFailure], isRepositoryOpened: false }
  if (exit.exitCode === 0 || exit.exitCode === 1) return null
  return borgFailure(errors, exit)
}

/**
 * Starts a borg command and writes all that it says into the task's journal: output, progress, files with a problem.
 * Ends borg when `signal` aborts, and then tells how it ended as always.
 */
export const runBorg = async (
  command: Command<BorgEvent>,
  {
    journal,
    signal,
    environment,
    onOutput,
    onFileProblem,
    onEvent,
  }: {
    journal: Journal
    signal: AbortSignal
    environment: Readonly<Record<string, string>>
  } & BorgListeners,
): Promise<BorgRun> => {
  const measureRate = createRateMeter()
  const errors: BorgError[] = []

  const note = (event: BorgEvent) => {
    if (event.type === 'progress') {
      const { originalSize, compressedSize, deduplicatedSize, fileCount, path } = event
      const rate = measureRate(originalSize, Date.now())
      journal.progress({
        // Borg shows paths as they stand in the archive, without the slash that they begin with.
        currentPath: path === '' ? null : `/${path}`,
        fileCount,
        originalSize: BigInt(originalSize),
        compressedSize: BigInt(compressedSize),
        deduplicatedSize: BigInt(deduplicatedSize),
        bytesPerSecond: rate === null ? null : BigInt(rate),
      })
    } else if (event.type === 'activity') {
      journal.progress({ message: event.message })
    } else if (event.type === 'message') {
      const problem = fileProblem(event)
      if (problem) {
        journal.fileProblem(problem)
        onFileProblem?.(problem)
      }
      if (event.level === 'ERROR' || event.level === 'CRITICAL') {
        errors.push({ message: event.message, messageId: event.messageId })
        if (errors.length > keptErrors) errors.shift()
      }
    }
  }

  for await (const event of run(command, { signal, environment })) {
    if (event.type === 'events') {
      const lines: string[] = []
      for (const each of event.events) {
        note(each)
        const noted = onEvent?.(each)
        if (noted) await noted
        lines.push(...outputLines(each))
      }
      await journal.output(lines)
    } else if (event.type === 'output') {
      onOutput?.(event.data)
    } else {
      return {
        exitCode: event.exitCode,
        failure: failureOf(event, errors),
        hasWarnings: event.exitCode === 1,
        errors,
        leftRunning: event.leftRunning,
      }
    }
  }
  throw new Error('a program ended without an exit event')
}
