import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { createDocumentCache } from '../../../server/http/documents.ts'
import { createGraphql, type Transport } from '../../../server/http/graphql.ts'
import { setUp } from '../../support/api-client.ts'
import { createApp, listen } from '../../support/app.ts'
import { callerOf, viewerAs } from '../../support/viewer.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const MiB = 1024 * 1024

/** Bytes of the heap that are in use. */
const heap = () => {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

/** A valid document of about 1,000 tokens that differs from all others. */
const documentOf = (index: number, fields = 320) =>
  `{ ${Array.from({ length: fields }, (_, field) => `a${index}_${field}: isSetUp`).join(' ')} }`

const transportOf = (isSignedIn: boolean): Transport => ({
  caller: callerOf(isSignedIn ? viewerAs('ADMINISTRATOR') : null),
  isWebSocket: false,
})

const readers = async (maxSize?: number) => {
  const cache = createDocumentCache(maxSize)
  const graphql = createGraphql((await createApp()).app, cache)
  const readFor = (isSignedIn: boolean) => (text: string) => {
    const { parse, validate, schema } = graphql.getEnveloped(transportOf(isSignedIn))
    const document = parse(text)
    return { document, errors: validate(schema, document) as readonly Error[] }
  }
  return { cache, read: readFor(true), readAsStranger: readFor(false) }
}

describe('documents', () => {
  it('should be kept once they were found valid, and read once', async () => {
    const { cache, read } = await readers()
    const first = read('{ isSetUp }')
    expect(first.errors).toEqual([])
    expect(read('{ isSetUp }')).toEqual(first)
    expect(read('{ isSetUp }').document).toBe(first.document)
    expect(read('{ nothing }').errors).toHaveLength(1)
    expect(read('{ nothing }').errors).toHaveLength(1)
    expect(() => read('{')).toThrow('Syntax Error')
    expect([...cache.keys()]).toEqual(['{ isSetUp }'])
  })

  it('should be kept of nobody who is not signed in, nor be given to them', async () => {
    const { cache, read, readAsStranger } = await readers()
    expect(readAsStranger('{ isSetUp }').errors).toEqual([])
    expect(cache.size).toBe(0)
    const introspection = '{ __schema { description } }'
    expect(read(introspection).errors).toEqual([])
    expect(readAsStranger(introspection).errors).toHaveLength(1)
  })

  it('should take no more than they are given, by an estimate that is not too low', async () => {
    const { cache, read } = await readers(8 * MiB)
    const before = heap()
    for (let index = 0; cache.size === index; index++) read(documentOf(index))
    expect(cache.calculatedSize).toBeGreaterThan(6 * MiB)
    expect(cache.calculatedSize).toBeLessThanOrEqual(8 * MiB)
    expect(heap() - before).toBeLessThan(cache.calculatedSize + MiB)
    for (let index = 1_000; index < 1_050; index++) read(documentOf(index))
    expect(cache.calculatedSize).toBeLessThanOrEqual(8 * MiB)
    expect(heap() - before).toBeLessThan(9 * MiB)
  })
})

it('should leave the memory as it was, whatever strangers and people send', async () => {
  const server = await listen()
  const [client, stranger] = [server.client(), server.client()]
  await setUp(client)
  const send = async (from: number, count: number) => {
    for (let index = from; index < from + count; index++) {
      await stranger.request(documentOf(index, 60))
      await stranger.request(`{ nothing${documentOf(index, 60)}`)
      await client.request(`{ nothing${index}${' isSetUp'.repeat(60)} ${'#'.repeat(20_000)} }`)
      await client.request('query ($value: Int) { jobs(first: $value) { totalCount } }', {
        value: 'x'.repeat(100_000) + index,
      })
      await client.request(documentOf(index))
    }
  }
  // After these the cache is full.
  await send(0, 20)
  const before = heap()
  await send(100, 50)
  // One more of each took a quarter of a megabyte where it was kept.
  expect((heap() - before) / MiB).toBeLessThan(4)
})
