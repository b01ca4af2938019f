import { Client, gql, makeResult, type Operation, type OperationResult } from '@urql/core'
import { beforeEach, expect, test } from 'vitest'
import { makeSubject, pipe, subscribe } from 'wonka'
import { createCache } from '../../web/src/api/cache.ts'

const read = gql`
  query { node(id: "p") { __typename id ... on BackupPlan {
    latestJob { id state createdAt } latestEndedJob { id state createdAt }
  } } }
`
const follow = gql`subscription {
  changes { __typename typename id isDeleted node {
    __typename ... on Job { id kind state createdAt plan { id } schedule { id } repository { id } }
  } }
}`

const job = (id: string, state: string, createdAt: string) => ({ __typename: 'Job', id, state, createdAt })
const first = job('first', 'FAILED', '2026-11-23T02:00:00.000Z')

let asked: Operation[]
let shown: { latestJob: typeof first; latestEndedJob: typeof first } | undefined
let announce: (job: typeof first, kind?: string) => void

/** Until the client has sent on what it queued. */
const queueIsEmpty = () => new Promise((resolve) => setImmediate(resolve))

beforeEach(async () => {
  asked = []
  const wire = makeSubject<OperationResult>()
  const answer = (kind: string, data: object) => {
    const operation = asked.find((candidate) => candidate.kind === kind)
    if (operation) wire.next(makeResult(operation, { data }))
  }
  announce = (changed, kind = 'BACKUP') =>
    answer('subscription', {
      changes: {
        __typename: 'Change',
        typename: 'Job',
        id: changed.id,
        isDeleted: false,
        node: { ...changed, kind, plan: { __typename: 'BackupPlan', id: 'p' }, schedule: null, repository: null },
      },
    })
  const client = new Client({
    url: 'http://server/graphql',
    preferGetMethod: false,
    exchanges: [
      createCache(),
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
    client.query(read, {}),
    subscribe(({ data }) => {
      shown = data?.node
    }),
  )
  await queueIsEmpty()
  answer('query', { node: { __typename: 'BackupPlan', id: 'p', latestJob: first, latestEndedJob: first } })
  await queueIsEmpty()
})

test('a job that runs is the newest, and the newest that ended when it has ended, without a read', async () => {
  const second = job('second', 'RUNNING', '2026-11-24T02:00:00.000Z')
  announce({ ...second, state: 'PENDING' })
  await queueIsEmpty()
  announce(second)
  await queueIsEmpty()
  expect(shown).toMatchObject({ latestJob: { id: 'second', state: 'RUNNING' }, latestEndedJob: { id: 'first' } })
  announce({ ...second, state: 'COMPLETED' })
  await queueIsEmpty()
  expect(shown).toMatchObject({ latestJob: { state: 'COMPLETED' }, latestEndedJob: { id: 'second' } })
  expect(asked.filter(({ kind }) => kind === 'query')).toHaveLength(1)
})

test('neither an older job nor a dry run takes its place', async () => {
  announce(job('older', 'COMPLETED', '2026-11-22T02:00:00.000Z'))
  announce(job('trial', 'COMPLETED', '2026-11-25T02:00:00.000Z'), 'DRY_RUN')
  await queueIsEmpty()
  expect(shown).toMatchObject({ latestJob: { id: 'first' }, latestEndedJob: { id: 'first' } })
})
