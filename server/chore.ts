/** Work that is done again and again, of several servers by one: `agenda/chores.ts` sees to it. */
export interface Chore {
  /** What it is called in the queue. */
  readonly name: string
  /** Milliseconds from one time to the next. */
  readonly every: number
  /** Does it; once `stopping` is aborted it ends soon. What it throws is logged, and it is done again when it is time. */
  readonly work: (stopping: AbortSignal) => Promise<void>
}
