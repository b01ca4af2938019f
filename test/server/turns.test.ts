import { expect, test } from 'vitest'
import { createTurns } from '../../server/turns.ts'

test('few go at once, the others follow in the order in which they came, also after one that failed', async () => {
  const inTurn = createTurns(2)
  const begun: number[] = []
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<number>())
  const turns = gates.map(({ promise }, index) =>
    inTurn(() => {
      begun.push(index)
      return promise
    }),
  )
  const answers = Promise.allSettled(turns)
  expect(begun).toEqual([0, 1])
  gates[1]?.resolve(1)
  await turns[1]
  expect(begun).toEqual([0, 1, 2])
  gates[2]?.reject(new Error('it failed'))
  await turns[2]?.catch(() => {})
  expect(begun).toEqual([0, 1, 2, 3])
  for (const gate of gates) gate.resolve(0)
  expect((await answers).map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ])
  // A place is free again.
  expect(await inTurn(async () => 'at once')).toBe('at once')
})
