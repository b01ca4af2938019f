import { Client, CombinedError, gql, makeResult, type Operation, type OperationResult } from '@urql/core'
import { beforeEach, expect, test } from 'vitest'
import { makeSubject, pipe, subscribe } from 'wonka'
import { keepAnswers } from '../../web/src/api/keep.ts'

const read = gql<{ count: number }, { id: string }>`query ($id: ID!) { count(id: $id) }`
const failure = new CombinedError({ networkError: new Error('The server is gone.') })

let client: Client
let asked: Operation[]
let answer: (result: { data?: object; error?: CombinedError }) => void

/** Until the client has sent on what it queued. */
const queueIsEmpty = () => new Promise((resolve) => setImmediate(resolve))

/** Asks once, and gives what comes: anew where it was asked before. */
const ask = async (id: string, result: Parameters<typeof answer>[0]) => {
  const shown: { count: number | undefined; isFailed: boolean }[] = []
  const { unsubscribe } = pipe(
    client.query(read, { id }, { requestPolicy: 'network-only' }),
    subscribe(({ data, error }) => shown.push({ count: data?.count, isFailed: error !== undefined })),
  )
  await queueIsEmpty()
  answer(result)
  await queueIsEmpty()
  unsubscribe()
  return shown.at(-1)
}

beforeEach(() => {
  asked = []
  const wire = makeSubject<OperationResult>()
  answer = (result) => {
    const operation = asked.at(-1)
    if (!operation) return
    const { data, error } = result
    wire.next({ ...makeResult(operation, { data: data ?? null }), data, error })
  }
  client = new Client({
    url: 'http://server/graphql',
    preferGetMethod: false,
    exchanges: [
      keepAnswers,
      () => (operations) => {
        pipe(
          operations,
          subscribe((operation) => operation.kind === 'query' && asked.push(operation)),
        )
        return wire.source
      },
    ],
  })
})

test('should show what was read before where it cannot be read anew, and say so', async () => {
  expect(await ask('1', { data: { count: 5 } })).toEqual({ count: 5, isFailed: false })
  expect(await ask('1', { error: failure })).toEqual({ count: 5, isFailed: true })
  expect(await ask('1', { error: failure })).toEqual({ count: 5, isFailed: true })
  expect(await ask('1', { data: { count: 6 } })).toEqual({ count: 6, isFailed: false })
  expect(await ask('1', { error: failure })).toEqual({ count: 6, isFailed: true })
})

test('should show nothing of another query, and nothing where nothing was read', async () => {
  expect(await ask('2', { error: failure })).toEqual({ count: undefined, isFailed: true })
  await ask('1', { data: { count: 5 } })
  expect(await ask('2', { error: failure })).toEqual({ count: undefined, isFailed: true })
})

test('should keep a hundred answers, the newest', async () => {
  for (let index = 0; index <= 100; index += 1) await ask(String(index), { data: { count: index } })
  expect(await ask('0', { error: failure })).toEqual({ count: undefined, isFailed: true })
  expect(await ask('1', { error: failure })).toEqual({ count: 1, isFailed: true })
})
