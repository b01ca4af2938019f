import type { Job, RunState, Task } from '../../../prisma/generated/client/client.ts'

/** Why a job is being ended from outside. */
export type Stop = 'CANCELLED' | 'INTERRUPTED' | 'OVERDUE'

/** What a stop makes of a job and of its tasks. */
interface StopWords {
  /** What the task that was at work becomes. */
  readonly state: RunState
  /** Why that one ended, in a sentence. */
  readonly running: (job: Pick<Job, 'maxDuration'>) => string
  /** Why what waited is not done, as a sentence without its beginning and its end. */
  readonly waiting: string
}

/** A duration in whole units: “5 minutes”, “90 seconds”. */
export const durationInWords = (seconds: number): string => {
  const [count, unit] = seconds % 60 === 0 ? [seconds / 60, 'minute'] : [seconds, 'second']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

export const stopWords: Record<Stop, StopWords> = {
  CANCELLED: {
    state: 'CANCELLED',
    running: () => 'Cancelled.',
    waiting: 'the job was cancelled',
  },
  INTERRUPTED: {
    state: 'INTERRUPTED',
    running: () => 'The server was stopped while this was running.',
    waiting: 'the server was stopped before',
  },
  OVERDUE: {
    state: 'FAILED',
    running: ({ maxDuration }) => `Stopped after the ${durationInWords(maxDuration ?? 0)} that its schedule allows.`,
    waiting: 'the job had taken longer than its schedule allows',
  },
}

/** Milliseconds that the tasks which always run have together when the server stops. */
const lastTime = 10_000

/** The longest that a timer of Node takes, in milliseconds. */
const longestTimer = 2 ** 31 - 1

/** `setTimeout` that takes any number of milliseconds; what is farther off than weeks comes after some weeks. */
export const after = (milliseconds: number, callback: () => void): NodeJS.Timeout =>
  setTimeout(callback, Math.min(Math.max(0, milliseconds), longestTimer))

/** What ends a job from outside, and with it the task that is at work. */
export interface Stopping {
  /** The first reason to end it; null where there is none. */
  readonly why: Stop | null
  /**
   * Ends the task that is at work. One that always runs is ended by a person's wish only; it has ten seconds where the
   * server stops.
   */
  stop(why: Stop): void
  /** What aborts when this task is to end; `over()` says that it has ended. */
  watch(task: Pick<Task, 'condition'>): { readonly signal: AbortSignal; over(): void }
}

export const createStopping = (): Stopping => {
  let why: Stop | null = null
  let isServerStopping = false
  let lastMoment: number | null = null
  let timer: NodeJS.Timeout | undefined
  let current: { controller: AbortController; runsAlways: boolean } | null = null

  const hurry = () => {
    if (!isServerStopping || !current?.runsAlways || timer) return
    const { controller } = current
    lastMoment ??= Date.now() + lastTime
    timer = after(lastMoment - Date.now(), () => controller.abort())
  }

  return {
    get why() {
      return why
    },
    stop(reason) {
      why ??= reason
      isServerStopping ||= reason === 'INTERRUPTED'
      if (current && (reason === 'CANCELLED' || !current.runsAlways)) current.controller.abort()
      hurry()
    },
    watch({ condition }) {
      const controller = new AbortController()
      current = { controller, runsAlways: condition === 'ALWAYS' }
      hurry()
      return {
        signal: controller.signal,
        over() {
          clearTimeout(timer)
          timer = undefined
          current = null
        },
      }
    },
  }
}
