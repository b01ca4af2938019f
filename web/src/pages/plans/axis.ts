const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' })
const minute = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const second = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

/** Moments in seconds, for an axis with this many seconds between two of them. What would be said twice is said once. */
export const sayMoments = (moments: readonly number[], step: number) => {
  const format = step < 60 ? second : step < 86_400 ? minute : day
  const words = moments.map((moment) => format.format(moment * 1000))
  return words.map((word, index) => (word === words[index - 1] ? '' : word))
}
