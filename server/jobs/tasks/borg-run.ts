import { type BorgEvent, outputLines } from '../../borg/messages.ts'
import { type BorgError, type BorgFailure, borgFailure } from '../../borg/problems.ts'
import { tracebackErrors } from '../../borg/traceback.ts'
import { type BorgFileProblem, type BorgWarning, createWarningReader } from '../../borg/warnings.ts'
import type { Command } from '../../process/command.ts'
import { type Exit, run } from '../../process/run.ts'
import type { Journal } from '../output/progress-journal.ts'
import { createRateMeter } from './transfer-rate.ts'

/** How a borg command ended. */
export interface BorgRun {
  readonly exitCode: number | null
  /** Null where borg did what it was told, with or without warnings. */
  readonly failure: BorgFailure | null
  /** What borg warned of besides files, in a sentence; null where it ended without a warning. */
  readonly warning: string | null
  readonly hasWarnings: boolean
  /** The messages that came with the failure; at most the last fifty. */
  readonly errors: readonly BorgError[]
  /** The process ids of what could not be ended. */
  readonly leftRunning: readonly number[]
  /** Whether borg came so far as to say something of files, or to answer. */
  readonly hasBegun: boolean
}

export interface BorgListeners {
  /** The files and folders that borg is given to read, absolute; it may warn of each as a whole. */
  readonly sources?: readonly string[]
  /** Gets borg's standard output. */
  readonly onOutput?: (data: Buffer) => void
  readonly onFileProblem?: (problem: BorgFileProblem) => void
  /** Gets all that borg says on standard error; borg is read on once what it returns is done. */
  readonly onEvent?: (event: BorgEvent) => void | Promise<void>
}

/** The most errors that are kept to find out why a command failed; all of them are in the output. */
const keptErrors = 50

/** The most warnings that are told besides those of files, and characters of each; all of them are in the output. */
const keptWarnings = 3
const longestWarning = 300

/** Lines that are kept at least of what borg says in no form of its own: the end of a traceback. */
const keptText = 200

const neverStarted = {
  missing: 'Borg is not installed on this machine: install the package borgbackup.',
  refused: 'Borg could not be started.',
}

const shortened = (text: string) =>
  text.length <= longestWarning ? text : `${text.slice(0, longestWarning).toWellFormed()}…`

/** What borg says besides its events: the first warnings that name no file, errors, and the end of what is no event. */
const createRemarks = () => {
  const errors: BorgError[] = []
  const warnings = new Set<string>()
  const text: string[] = []
  let warningCount = 0
  return {
    errors,
    text,
    note(event: BorgEvent) {
      if (event.type === 'text') {
        text.push(event.text)
        if (text.length > 2 * keptText) text.splice(0, keptText)
      }
      if (event.type !== 'message' || (event.level !== 'ERROR' && event.level !== 'CRITICAL')) return
      errors.push({ message: event.message, messageId: event.messageId })
      if (errors.length > keptErrors) errors.shift()
    },
    warn(message: string) {
      warningCount += 1
      if (warnings.size < keptWarnings) warnings.add(shortened(message.replace(/\s+/g, ' ').trim()))
    },
    /** The warnings, in a sentence; what is said instead where there was none. */
    sentence(hasFileProblems: boolean): string | null {
      const words = text.findLast((line) => line.trim() !== '') ?? ''
      if (warningCount === 0 && words !== '') warnings.add(shortened(words))
      if (warnings.size === 0) return hasFileProblems ? null : 'Borg ended with warnings, and did not say which.'
      const more = warningCount > warnings.size ? ' Its output has all warnings.' : ''
      return `Borg warned: ${[...warnings].map((warning) => warning.replace(/[.]?$/, '.')).join(' ')}${more}`
    },
  }
}

type Remarks = ReturnType<typeof createRemarks>

const failureOf = (exit: Exit, { errors, text }: Remarks): BorgFailure | null => {
  if (exit.startFailure) {
    return { message: neverStarted[exit.startFailure], isRepositoryOpened: false, hasWritten: false }
  }
  if (exit.exitCode === 0) return null
  // Python ends with the status of a warning where it cannot even load borg.
  const broken = tracebackErrors(text.join('\n')).at(-1)
  if (broken !== undefined && errors.length === 0) {
    return { message: `Borg broke off: ${shortened(broken)}.`, isRepositoryOpened: false, hasWritten: false }
  }
  return exit.exitCode === 1 ? null : borgFailure(errors, exit)
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
    sources,
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
  const warnings = createWarningReader(sources)
  const remarks = createRemarks()
  let hasBegun = false
  let hasFileProblems = false

  const heed = ({ path, message }: BorgWarning) => {
    if (path === null) return remarks.warn(message)
    hasFileProblems = true
    journal.fileProblem({ path, message })
    onFileProblem?.({ path, message })
  }

  const note = (event: BorgEvent) => {
    warnings.read(event).forEach(heed)
    remarks.note(event)
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
    }
    if (event.type === 'progress' || event.type === 'file') hasBegun = true
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
      hasBegun = true
      onOutput?.(event.data)
    } else {
      warnings.end().forEach(heed)
      const failure = failureOf(event, remarks)
      const hasWarnings = failure === null && event.exitCode === 1
      return {
        exitCode: event.exitCode,
        failure: failure && {
          message: failure.message,
          isRepositoryOpened: failure.isRepositoryOpened || hasBegun,
          hasWritten: failure.hasWritten || hasBegun,
        },
        warning: hasWarnings ? remarks.sentence(hasFileProblems) : null,
        hasWarnings,
        errors: remarks.errors,
        hasBegun,
        leftRunning: event.leftRunning,
      }
    }
  }
  throw new Error('a program ended without an exit event')
}
