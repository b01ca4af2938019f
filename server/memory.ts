/** What memory must have grown by, in bytes, before it is worth while to stop for a moment and give it back. */
const growth = 16 * 1024 * 1024

/** Keeps a server that was busy from holding on to its memory. */
export interface Memory {
  /**
   * To be called when the server comes to rest. Collects all garbage and returns it to the system, where the memory has
   * grown by much since the last time: some 150 ms in which nothing else is done. Without `node --expose-gc` nothing.
   */
  giveBack(): void
}

/**
 * V8 collects garbage when it needs room, so that what a thousand jobs leave, some 100 MB, lies there until somebody works
 * again. To have it collect sooner costs time in every answer.
 */
export const createMemory = (): Memory => {
  let atRest = process.memoryUsage.rss()
  return {
    giveBack() {
      if (process.memoryUsage.rss() < atRest + growth) return
      globalThis.gc?.({ type: 'major', flavor: 'last-resort' })
      atRest = process.memoryUsage.rss()
    },
  }
}
