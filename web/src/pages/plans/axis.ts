const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' })
const minute = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

const hours = 3600
const days = 24 * hours

/** Seconds that may lie between two moments of an axis: never less than can be said in hours and minutes. */
export const momentSteps = [
  ...[5, 10, 15, 30].map((minutes) => minutes * 60),
  ...[1, 2, 3, 6, 12].map((count) => count * hours),
  ...[1, 2, 3, 7, 14, 28].map((count) => count * days),
]

/** Pixels between two moments at least, on an axis of this many: there are six of them at most. */
export const momentSpace = (size: number) => Math.max(80, size / 6)

/** Seconds that an axis spans at least. */
const shortest = hours

/** The first and the last moment of an axis, in seconds, for what lies between these: room for some labels, in any case. */
export const spanOf = (first: number, last: number): [number, number] => {
  const missing = Math.max(0, shortest - (last - first))
  return [first - missing / 2, last + missing / 2]
}

/**
 * Moments in seconds, for an axis with this many seconds between two of them: times of day, with the date in the place of
 * midnight, or dates. What would be said twice is said once.
 */
export const sayMoments = (moments: readonly number[], step: number) => {
  const words = moments.map((moment) => {
    const time = minute.format(moment * 1000)
    return step < days && time !== '00:00' ? time : day.format(moment * 1000)
  })
  return words.map((word, index) => (word === words[index - 1] ? '' : word))
}
