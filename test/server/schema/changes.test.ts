import './live-device.ts'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import type { Database } from '../../../server/database/client.ts'
import { createGraphql } from '../../../server/http/graphql.ts'
import { setUp, signIn } from '../../support/api-client.ts'
import { type ListeningApp, listen } from '../../support/app.ts'
import { poll } from '../../support/poll.ts'
import { callerOf, viewerAs } from '../../support/viewer.ts'

interface Changes {
  readonly changes: { typename: string; id: string | null; isDeleted: boolean; node?: object | null } | null
}

const plain = 'subscription { changes { typename id isDeleted } }'

let server: ListeningApp
let reads = 0
let jobId: string

/** Milliseconds before a watch begins. */
let watchDelay = 0

/** Watches that have begun and not ended. */
const watching = new Set<object>()

beforeAll(async () => {
  server = await listen({}, ({ db, events }) => {
    const counting = db.$extends({
      query: {
        $allModels: {
          $allOperations: ({ model, args, query }) => {
            if (model !== 'Session') reads += 1
            return query(args)
          },
        },
      },
    })
    const watch: typeof events.watch = async (...args) => {
      await delay(watchDelay)
      const announcements = await events.watch(...args)
      watching.add(announcements)
      const watched: typeof announcements = {
        next: () => announcements.next(),
        return: async () => {
          watching.delete(announcements)
          await announcements.return?.()
          return { done: true, value: undefined }
        },
        [Symbol.asyncIterator]: () => watched,
      }
      return watched
    }
    return { db: counting as unknown as Database, events: { ...events, watch } }
  })
  const { db } = server.app
  await setUp(server.client())
  const { id: repositoryId } = await db.repository.create({ data: { name: 'one', location: '/r', state: 'READY' } })
  const tasks = { create: [{ position: 0, kind: 'LIST' as const }] }
  const job = { kind: 'REFRESH_ARCHIVES', repositoryId, repositoryName: 'one', settings: {}, tasks } as const
  jobId = (await db.job.create({ data: job })).id
})

const client = async () => {
  const signedIn = server.client()
  await signIn(signedIn)
  return signedIn
}

it('should begin with null, then tell of whatever changed, and read nothing for it', async () => {
  const { events } = server.app
  const changes = (await client()).subscribe<Changes>(plain)
  expect((await changes.next()).value).toEqual({ changes: null })
  reads = 0
  const next = async () => (await changes.next()).value?.changes
  const told = [
    ['repository:changed', { typename: 'Repository', id: btoa('Repository:a'), isDeleted: false }],
    ['repository:deleted', { typename: 'Repository', id: btoa('Repository:a'), isDeleted: true }],
    ['backupPlan:changed', { typename: 'BackupPlan', id: btoa('BackupPlan:a'), isDeleted: false }],
    ['schedule:deleted', { typename: 'Schedule', id: btoa('Schedule:a'), isDeleted: true }],
    ['job:changed', { typename: 'Job', id: btoa('Job:a'), isDeleted: false }],
    ['queue:changed', { typename: 'Queue', id: null, isDeleted: false }],
    ['history:changed', { typename: 'History', id: null, isDeleted: false }],
  ] as const
  for (const [event] of told) events.publish(event, 'a')
  for (const [, change] of told) expect(await next()).toEqual(change)
  expect(reads).toBe(0)
  await changes.return?.()
})

it('should read a row once for all who ask the same of it, and have none for what is gone', async () => {
  const { events } = server.app
  const document = 'subscription { changes { id node { ... on Job { state tasks { kind } } } } }'
  const all = await Promise.all([client(), client(), client()])
  const watchers = all.map((each) => each.subscribe<Changes>(document))
  const next = () => Promise.all(watchers.map(async (changes) => (await changes.next()).value?.changes))
  expect(await next()).toEqual([null, null, null])
  reads = 0
  events.publish('job:changed', jobId)
  const change = { id: btoa(`Job:${jobId}`), node: { state: 'PENDING', tasks: [{ kind: 'LIST' }] } }
  expect(await next()).toEqual([change, change, change])
  const readsOfAll = reads
  for (const changes of watchers.slice(1)) await changes.return?.()
  reads = 0
  events.publish('job:changed', jobId)
  expect((await watchers[0]?.next())?.value?.changes).toEqual(change)
  expect(readsOfAll).toBe(reads)
  const gone = '01900000-0000-7000-8000-00000000000f'
  events.publish('job:changed', gone)
  expect((await watchers[0]?.next())?.value?.changes).toEqual({ id: btoa(`Job:${gone}`), node: null })
  await watchers[0]?.return?.()
})

it('should tell each of what they may see, and nobody else', async () => {
  const { app } = server
  const subscribe = async (role: Parameters<typeof viewerAs>[0], document: string) => {
    const caller = callerOf(viewerAs(role))
    const operation = createGraphql(app).getEnveloped({ caller, isWebSocket: true })
    const contextValue = await operation.contextFactory()
    const { schema } = operation
    const changes = await operation.subscribe({ schema, document: operation.parse(document), contextValue })
    if (!(Symbol.asyncIterator in changes)) throw changes.errors?.[0]
    return changes
  }
  const [administrator, viewer] = [await subscribe('ADMINISTRATOR', plain), await subscribe('VIEWER', plain)]
  for (const changes of [administrator, viewer]) await changes.next()
  app.events.publish('device:changed', 'secret')
  app.events.publish('queue:changed', 'queue')
  const { value } = await administrator.next()
  expect(value?.data?.changes).toMatchObject({ typename: 'Device' })
  expect((await viewer.next()).value?.data?.changes).toMatchObject({ typename: 'Queue' })
  await administrator.return?.(undefined)
  await viewer.return?.(undefined)
  for (const field of ['deviceChanged', 'deviceDeleted']) {
    const document = `subscription { ${field} { id } }`
    await expect(subscribe('VIEWER', document)).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } })
    await (await subscribe('ADMINISTRATOR', document)).return?.(undefined)
  }
})

it('should end at the source where its client leaves before it watches', async () => {
  const signedIn = await client()
  await poll('nobody watches', () => watching.size === 0)
  watchDelay = 300
  for (const leave of ['completes', 'is cut off']) {
    const changes = signedIn.subscribe<Changes>(plain)
    const first = changes.next().catch(() => {})
    await delay(100)
    if (leave === 'completes') await changes.return?.()
    else signedIn.dropConnection()
    await first
    await delay(400)
    expect(watching.size, leave).toBe(0)
  }
  watchDelay = 0
})

it('should miss nothing of what is written until it watches, however long that takes', async () => {
  const { db, events } = server.app
  const signedIn = await client()
  watchDelay = 300
  const write = async (waitingFor: string) => {
    await db.job.update({ where: { id: jobId }, data: { waitingFor } })
    events.publish('job:changed', jobId)
  }
  const job = signedIn.subscribe<{ jobChanged: { waitingFor: string } }>(
    'subscription ($id: ID!) { jobChanged(id: $id) { waitingFor } }',
    { id: btoa(`Job:${jobId}`) },
  )
  const changes = signedIn.subscribe<Changes>(plain)
  const [first, begun] = [job.next(), changes.next()]
  await delay(100)
  await write('what nobody watches for yet')
  expect((await first).value?.jobChanged.waitingFor).toBe('what nobody watches for yet')
  expect((await begun).value).toEqual({ changes: null })
  await write('what is watched for')
  expect((await job.next()).value?.jobChanged.waitingFor).toBe('what is watched for')
  expect((await changes.next()).value?.changes).toMatchObject({ typename: 'Job', id: btoa(`Job:${jobId}`) })
  watchDelay = 0
  await job.return?.()
  await changes.return?.()
})
