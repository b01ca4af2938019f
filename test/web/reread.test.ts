import { Client, gql, makeResult, type Operation, type OperationResult } from '@urql/core'
import { beforeEach, expect, test } from 'vitest'
import { makeSubject, pipe, subscribe } from 'wonka'
import { createCache } from '../../web/src/api/cache.ts'
import { rereadOvertaken } from '../../web/src/api/reread.ts'

const read = gql<{ node: ReturnType<typeof archives>['node'] }>`
  query { node(id: "1") { __typename id ... on Repository { archives(first: 50) { totalCount } } } }
`
const follow = gql`subscription { changes { __typename typename id isDeleted node { __typename } } }`
const followQueue = gql`subscription { queueChanged { __typename runningCount } }`

const archives = (totalCount: number) => ({
  node: { __typename: 'Repository', id: '1', archives: { __typename: 'RepositoryArchivesConnection', totalCount } },
})

let asked: Operation[]
let shown: (number | undefined)[]
let answer: (operation: Operation | undefined, data: object) => void

const reads = () => asked.filter(({ kind }) => kind === 'query')
const tellChange = (changes: object | null) =>
  answer(
    asked.find(({ kind }) => kind === 'subscription'),
    { changes },
  )
const announce = (change = {}) =>
  tellChange({ __typename: 'Change', typename: 'Repository', id: '1', isDeleted: false, node: null, ...change })
const tellQueue = (runningCount: number) =>
  answer(asked.filter(({ kind }) => kind === 'subscription')[1], {
    queueChanged: { __typename: 'Queue', runningCount },
  })
/** Until the client has sent on what it queued. */
const queueIsEmpty = () => new Promise((resolve) => setImmediate(resolve))

beforeEach(async () => {
  asked = []
  shown = []
  const wire = makeSubject<OperationResult>()
  answer = (operation, data) => operation && wire.next(makeResult(operation, { data }))
  const client = new Client({
    url: 'http://server/graphql',
    preferGetMethod: false,
    exchanges: [
      createCache(),
      rereadOvertaken,
      () => (operations) => {
        pipe(
          operations,
          subscribe((operation) => asked.push(operation)),
        )
        return wire.source
      },
    ],
  })
  pipe(
    client.subscription(follow, {}),
    subscribe(() => {}),
  )
  pipe(
    client.subscription(followQueue, {}),
    subscribe(() => {}),
  )
  pipe(
    client.query(read, {}),
    subscribe(({ data }) => shown.push(data?.node.archives.totalCount)),
  )
  await queueIsEmpty()
  // It watches.
  tellChange(null)
  await queueIsEmpty()
  expect(reads()).toHaveLength(1)
})

test('a read that no announcement overtook is not repeated', async () => {
  answer(reads()[0], archives(1))
  await queueIsEmpty()
  expect(reads()).toHaveLength(1)
  expect(shown.at(-1)).toBe(1)
})

test('a read that an announcement overtook is repeated, and what it then brings is shown', async () => {
  announce()
  answer(reads()[0], archives(0))
  await queueIsEmpty()
  expect(reads()).toHaveLength(2)
  answer(reads()[1], archives(1))
  await queueIsEmpty()
  expect(reads()).toHaveLength(2)
  expect(shown.at(-1)).toBe(1)
})

test('the repeated read is overtaken in its turn', async () => {
  announce()
  answer(reads()[0], archives(0))
  await queueIsEmpty()
  announce()
  answer(reads()[1], archives(1))
  await queueIsEmpty()
  answer(reads()[2], archives(2))
  await queueIsEmpty()
  expect(reads()).toHaveLength(3)
  expect(shown.at(-1)).toBe(2)
})

test('how things are when a subscription begins overtakes nothing, what it announces later does', async () => {
  tellQueue(0)
  answer(reads()[0], archives(0))
  await queueIsEmpty()
  expect(reads()).toHaveLength(1)
  announce()
  await queueIsEmpty()
  expect(reads()).toHaveLength(2)
  tellQueue(1)
  answer(reads()[1], archives(1))
  await queueIsEmpty()
  expect(reads()).toHaveLength(3)
})

test('what has changed or was removed is read anew where it is shown, and nothing else', async () => {
  answer(reads()[0], archives(1))
  await queueIsEmpty()
  announce({ id: '2' })
  announce({ typename: 'BackupPlan' })
  announce({ typename: 'Queue', id: null })
  await queueIsEmpty()
  expect(reads()).toHaveLength(1)
  announce()
  await queueIsEmpty()
  expect(reads()).toHaveLength(2)
  answer(reads()[1], archives(2))
  await queueIsEmpty()
  expect(shown.at(-1)).toBe(2)
  announce({ isDeleted: true })
  await queueIsEmpty()
  expect(reads()).toHaveLength(3)
})
