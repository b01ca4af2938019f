import { beforeAll, expect, it } from 'vitest'
import type { Database } from '../../../server/database/client.ts'
import { setUp, signIn } from '../../support/api-client.ts'
import { type ListeningApp, listen } from '../../support/app.ts'

const tabs = 20
const jobCount = 4

let server: ListeningApp
let reads = 0
let jobIds: string[]

beforeAll(async () => {
  server = await listen({}, ({ db }) => {
    const counting = db.$extends({
      query: {
        $allModels: {
          $allOperations: ({ args, query }) => {
            reads += 1
            return query(args)
          },
        },
      },
    })
    return { db: counting as unknown as Database }
  })
  const { db } = server.app
  const { id: repositoryId } = await db.repository.create({ data: { name: 'one', location: '/r', state: 'READY' } })
  const job = { kind: 'REFRESH_ARCHIVES', repositoryId, repositoryName: 'one', settings: {} } as const
  jobIds = []
  for (let number = 0; number < jobCount; number++) {
    const tasks = { create: [{ position: 0, kind: 'LIST' as const }] }
    jobIds.push((await db.job.create({ data: { ...job, tasks } })).id)
  }
})

interface Changed {
  readonly jobChanged: { readonly waitingFor: string | null }
}

/** Asks for what is not in the job's own row, too. */
const document = (more = '') => `subscription ($id: ID!) {
  jobChanged(id: $id) { waitingFor ${more} repository { name latestBackup { id } jobs { totalCount } } tasks { kind } }
}`

it('should read what has changed once, however many watch it', async () => {
  const { db, events } = server.app
  const clients = Array.from({ length: tabs }, () => server.client())
  await setUp(clients[0] ?? server.client())
  for (const client of clients.slice(1)) await signIn(client)
  const watchers = clients.flatMap((client) =>
    jobIds.map((id) => ({ id, changes: client.subscribe<Changed>(document(), { id: btoa(`Job:${id}`) }) })),
  )
  const next = (of: typeof watchers) =>
    Promise.all(of.map(async ({ changes }) => (await changes.next()).value?.jobChanged.waitingFor))
  await next(watchers)

  const write = (waitingFor: string) => db.job.updateMany({ data: { waitingFor } })
  await write('a place')
  reads = 0
  const told = next(watchers)
  for (const id of jobIds) events.publish('job:changed', id)
  expect(new Set(await told)).toEqual(new Set(['a place']))
  const readsOfAll = reads

  // As many as for one tab, which is known to be told the same.
  const [tab] = [watchers.slice(0, jobCount)]
  for (const { changes } of watchers.slice(jobCount)) await changes.return?.()
  await write('a lock')
  reads = 0
  const toldAgain = next(tab)
  for (const id of jobIds) events.publish('job:changed', id)
  expect(new Set(await toldAgain)).toEqual(new Set(['a lock']))
  expect(readsOfAll).toBe(reads)
  expect(reads).toBeGreaterThanOrEqual(jobCount)
  for (const { changes } of tab) await changes.return?.()
})

it('should give each what it asked for, and all the newest', async () => {
  const { db, events } = server.app
  const client = server.client()
  await signIn(client)
  const [id = ''] = jobIds
  const variables = { id: btoa(`Job:${id}`) }
  const plain = client.subscribe<Changed>(document(), variables)
  const more = client.subscribe<Changed>(document('kind'), variables)
  const [one, other] = [await plain.next(), await more.next()]
  expect(one.value?.jobChanged).not.toHaveProperty('kind')
  expect(other.value?.jobChanged).toHaveProperty('kind', 'REFRESH_ARCHIVES')
  const waiting = [plain.next(), more.next()]
  await db.job.update({ where: { id }, data: { waitingFor: 'first' } })
  events.publish('job:changed', id)
  await db.job.update({ where: { id }, data: { waitingFor: 'second' } })
  events.publish('job:changed', id)
  for (const changes of [plain, more]) {
    const first = await waiting.shift()
    const last = first?.value?.jobChanged.waitingFor === 'second' ? first : await changes.next()
    expect(last?.value?.jobChanged.waitingFor).toBe('second')
    await changes.return?.()
  }
})
