import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createStretches } from '../../server/taking-turns.ts'

test('long work leaves room for all else, however much of it is asked for at once', async () => {
  const inStretches = createStretches()
  let [turns, atWork, isOver] = [0, 0, false]
  const works = Array.from({ length: 5 }, (_, index) =>
    inStretches(async (pause) => {
      expect(++atWork).toBe(1)
      // 40 milliseconds, without a word to anybody but by the pause.
      for (let part = 0; part < 40; part++) {
        for (const end = performance.now() + 1; performance.now() < end; );
        await pause()
      }
      atWork -= 1
      if (index === 1) throw new Error('it failed')
      return index
    }),
  )
  const all = Promise.allSettled(works).then((results) => {
    isOver = true
    return results.map(({ status }) => status)
  })
  for (; !isOver; turns++) await setImmediate()
  expect(await all).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'])
  expect(turns).toBeGreaterThan(10)
})
