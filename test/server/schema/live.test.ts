import { describe, expect, test, vi } from 'vitest'
import type { Prisma } from '../../../prisma/generated/client/client.ts'
import type { Database } from '../../../server/database/client.ts'
import { createEvents, type EventName, type Events } from '../../../server/events.ts'
import { rowsOf } from '../../../server/schema/live.ts'
import { setUp } from '../../support/api-client.ts'
import { listen } from '../../support/app.ts'

describe('rowsOf', () => {
  const rows = new Map([['a', { name: 'first' }]])
  const load = async (id: string) => rows.get(id) ?? null

  test('yields rows and passes over those that are gone', async () => {
    const events = createEvents()
    const watched = rowsOf(await events.watch('backupPlan:changed'), {}, load)
    for (const id of ['gone', 'a', 'gone']) events.publish('backupPlan:changed', id)
    expect(await watched.next()).toEqual({ done: false, value: { name: 'first' } })
    const waiting = watched.next()
    await watched.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
  })

  test('goes on after a row that could not be loaded', async () => {
    const events = createEvents()
    const failure = new Error('the records are locked')
    const watched = rowsOf(await events.watch('backupPlan:changed'), {}, (id) =>
      id === 'bad' ? Promise.reject(failure) : load(id),
    )
    for (const id of ['bad', 'a']) events.publish('backupPlan:changed', id)
    expect(await watched.next()).toEqual({ done: false, value: failure })
    expect(await watched.next()).toEqual({ done: false, value: { name: 'first' } })
    await watched.return?.()
  })
})

describe('what was removed between its announcement and the reading', () => {
  /** A server that says when it begins to watch, and what it reads. */
  const start = async () => {
    const begun: EventName[] = []
    const read: string[] = []
    const server = await listen({}, ({ db, events }) => {
      const watching = db.$extends({
        query: {
          $allModels: {
            $allOperations: ({ model, args, query }) => {
              read.push(model)
              return query(args)
            },
          },
        },
      })
      const watch: Events['watch'] = (name, only) => {
        begun.push(...[name].flat())
        return events.watch(name, only)
      }
      return { db: watching as unknown as Database, events: { ...events, watch } }
    })
    const client = server.client()
    await setUp(client)
    const { db, events } = server.app
    const columns = { name: 'there', location: '/r', state: 'READY' } as const
    const repository = await db.repository.create({ data: columns })
    const job = {
      id: '01900000-0000-7000-8000-000000000001',
      kind: 'REFRESH_ARCHIVES',
      repositoryId: repository.id,
      repositoryName: 'there',
      settings: {},
      tasks: { create: [{ position: 0, kind: 'LIST' }] },
    } satisfies Prisma.JobUncheckedCreateInput
    await db.job.create({ data: job })
    const plan = await db.backupPlan.create({
      data: { name: 'there', repositoryId: repository.id, settings: { sources: ['/srv'] } },
    })
    const schedule = await db.schedule.create({
      data: { name: 'there', action: 'BACKUP', planId: plan.id, cron: '0 0 * * *', timeZone: 'UTC' },
    })
    const ids: Partial<Record<EventName, string>> = {
      'repository:changed': repository.id,
      'job:changed': job.id,
      'backupPlan:changed': plan.id,
      'schedule:changed': schedule.id,
    }
    return { server, client, db, events, begun, read, ids, job }
  }

  test.each([
    ['repositoryChanged', 'repository:changed', 'Repository', 'plans { totalCount }'],
    ['planChanged', 'backupPlan:changed', 'BackupPlan', 'repository { name } schedules { name }'],
    ['jobsChanged', 'job:changed', 'Job', 'repository { name } tasks { kind } requestedBy { username }'],
    ['scheduleChanged', 'schedule:changed', 'Schedule', 'plan { name }'],
  ] as const)('is passed over by %s, without an error', async (name, event, model, more) => {
    const { server, client, events, begun, read, ids } = await start()
    const changes = client.subscribe<Record<string, { id: string }>>(`subscription { ${name} { id ${more} } }`)
    const first = changes.next()
    await vi.waitFor(() => expect(begun).toEqual([event]))
    const before = server.log()
    read.length = 0
    events.publish(event, '01900000-0000-7000-8000-00000000000f')
    events.publish(event, ids[event] ?? '')
    const id = btoa(`${model}:${ids[event]}`)
    expect((await first).value?.[name]).toMatchObject({ id })
    // One reading each brings all that was asked for.
    expect(read.filter((each) => each === model)).toHaveLength(2)
    expect(server.log()).toBe(before)
    await changes.return?.()
  })

  test('is passed over by those that watch one alone', async () => {
    const { server, client, db, events, read, job } = await start()
    const before = server.log()
    const changes = client.subscribe<{ jobChanged: { id: string } }>(
      'subscription ($id: ID!) { jobChanged(id: $id) { id tasks { kind } } }',
      { id: btoa(`Job:${job.id}`) },
    )
    const expected = { jobChanged: { id: btoa(`Job:${job.id}`), tasks: [{ kind: 'LIST' }] } }
    expect((await changes.next()).value).toEqual(expected)
    const next = changes.next()
    await db.job.delete({ where: { id: job.id } })
    const jobsRead = () => read.filter((model) => model === 'Job').length
    const readBefore = jobsRead()
    events.publish('job:changed', job.id)
    await vi.waitFor(() => expect(jobsRead()).toBe(readBefore + 1))
    await db.job.create({ data: job })
    events.publish('job:changed', job.id)
    expect((await next).value).toEqual(expected)
    expect(server.log()).toBe(before)
    await changes.return?.()
  })

  test.each(['repositoryChanged', 'planChanged', 'scheduleChanged', 'jobChanged'])('is refused by %s', async (name) => {
    const { client } = await start()
    const id = btoa('Whatever:01900000-0000-7000-8000-00000000000f')
    const changes = client.subscribe(`subscription { ${name}(id: "${id}") { id } }`)
    await expect(changes.next()).rejects.toThrow(/^There is no \w+ with this id\.$/)
  })
})
