import { beforeAll, describe, expect, it } from 'vitest'
import type { ApiClient } from '../../support/api-client.ts'
import { jobEnd, readyRepository, startRefresh } from '../../support/jobs.ts'
import { startServer } from '../../support/server.ts'
import { largeSource, slowly, smallSource } from '../../support/sources.ts'
import { waitFor } from '../../support/wait-for.ts'
import { createSchedule, readSchedule, type ScheduleAnswer, scheduleFields, updateSchedule } from './schedules.ts'

let api: ApiClient
let repositoryId: string

beforeAll(async () => {
  api = await (await startServer()).setUp()
  repositoryId = (await readyRepository(api)).id
})

let planCount = 0
const createPlan = async (settings: Readonly<Record<string, unknown>>): Promise<string> => {
  planCount += 1
  const { createPlan: plan } = await api.query<{ createPlan: { id?: string; message?: string } }>(
    `mutation ($input: CreatePlanInput!) {
      createPlan(input: $input) { ... on Problem { message } ... on BackupPlan { id } }
    }`,
    { input: { name: `plan ${planCount}`, repositoryId, settings } },
  )
  if (plan.id === undefined) throw new Error(`There is no plan: ${plan.message}`)
  return plan.id
}

const start = async (id: string) => {
  const { startSchedule } = await api.query<{ startSchedule: { __typename: string; id: string } }>(
    'mutation ($id: ID!) { startSchedule(input: { id: $id }) { __typename ... on Job { id } } }',
    { id },
  )
  return startSchedule
}

/** The problem of a job, and when it began and ended. */
const jobOf = async (id: string) => {
  const { node } = await api.query<{
    node: { problem: string; startedAt: string; finishedAt: string; schedule: { name: string }; maxDuration: number }
  }>(
    'query ($id: ID!) { node(id: $id) { ... on Job { problem startedAt finishedAt maxDuration schedule { name } } } }',
    {
      id,
    },
  )
  return node
}

describe('creating', () => {
  it('should say all about a schedule, and when it runs next', async () => {
    const schedule = await createSchedule(api, {
      name: 'weekdays',
      repositoryId,
      cron: '30 2 * * MON-FRI',
      timeZone: 'Europe/Berlin',
      window: { from: '22:00', to: '06:00', weekdays: [1, 2, 3] },
      jitter: 60,
      maxDuration: 3600,
    })
    expect(schedule).toMatchObject({
      __typename: 'Schedule',
      text: 'At 02:30, Monday through Friday',
      isEnabled: true,
      window: { from: '22:00', to: '06:00', weekdays: [1, 2, 3] },
      jitter: 60,
      maxDuration: 3600,
      lastScheduledFor: null,
      jobs: { totalCount: 0 },
    })
    expect(schedule.nextRuns).toHaveLength(3)
    expect(schedule.nextRuns[0]?.at).toBe(schedule.nextRunAt)
    const times = schedule.nextRuns.map(({ at }) => new Date(at).getTime())
    expect(times).toEqual([...times].sort((one, other) => one - other))
    expect(times[0]).toBeGreaterThan(Date.now())
  })

  it.each([
    [{ cron: '61 * * * *' }, 'cron', 'The minute is wrong'],
    [{ cron: '* * *' }, 'cron', 'five fields'],
    [{ cron: '0 0 30 2 *' }, 'cron', 'never runs'],
    [{ timeZone: 'Europe/Atlantis' }, 'timeZone', 'no time zone'],
    [{ window: { from: '25:00', to: '06:00' } }, 'window', 'is not a time'],
    [{ window: { from: '06:00', to: '06:00' } }, 'window', 'never opens'],
    [{ window: { from: '06:00', to: '07:00', weekdays: [] } }, 'window', 'never opens'],
    [{ window: { from: '06:00', to: '07:00', weekdays: [7] } }, 'window', 'not a day of the week'],
    [{ jitter: -1 }, 'jitter', '0 or more'],
    [{ maxDuration: 0 }, 'maxDuration', 'a second or more'],
    [{ maxDuration: 604_801 }, 'maxDuration', 'a week or less'],
    [{ name: ' ' }, 'name', 'is missing'],
    [{ action: 'BACKUP' }, 'planId', 'is missing'],
    [{ repositoryId: undefined }, 'repositoryId', 'is missing'],
  ])('should refuse %j', async (input, field, words) => {
    const refused = await createSchedule(api, { repositoryId, ...input })
    expect(refused.__typename).toBe('InvalidInput')
    expect(refused.fields?.[0]?.path[0]).toBe(field)
    expect(refused.fields?.[0]?.message).toContain(words)
  })

  it('should refuse a name that is taken, and what it would work on where that does not exist', async () => {
    await createSchedule(api, { name: 'taken', repositoryId })
    expect(await createSchedule(api, { name: 'taken', repositoryId })).toMatchObject({
      __typename: 'NameTaken',
      message: 'There already is a schedule named taken.',
    })
    const nobody = '00000000-0000-7000-8000-000000000000'
    expect(await createSchedule(api, { repositoryId: btoa(`Repository:${nobody}`) })).toMatchObject({
      __typename: 'RepositoryNotFound',
    })
    expect(await createSchedule(api, { action: 'BACKUP', planId: btoa(`BackupPlan:${nobody}`) })).toMatchObject({
      __typename: 'PlanNotFound',
    })
    expect(await updateSchedule(api, { id: btoa(`Schedule:${nobody}`), name: 'x' })).toMatchObject({
      __typename: 'ScheduleNotFound',
    })
  })
})

describe('changing', () => {
  it('should keep what is left out, take away what is null, and compute the next run anew', async () => {
    const { id } = await createSchedule(api, {
      repositoryId,
      window: { from: '02:00', to: '04:00' },
      maxDuration: 60,
    })
    const moved = await updateSchedule(api, { id, cron: '0 5 * * *', window: null })
    expect(moved).toMatchObject({ cron: '0 5 * * *', timeZone: 'UTC', window: null, maxDuration: 60 })
    expect(new Date(moved.nextRunAt ?? 0).getUTCHours()).toBe(5)
    expect(await updateSchedule(api, { id, maxDuration: null })).toMatchObject({ maxDuration: null })
    expect(await updateSchedule(api, { id, cron: 'x' })).toMatchObject({ __typename: 'InvalidInput' })
    expect(await readSchedule(api, id)).toMatchObject({ cron: '0 5 * * *' })
  })

  it('should move to another plan, and to another action with what that works on', async () => {
    const [one, other] = [await createPlan({ sources: ['/etc'] }), await createPlan({ sources: ['/etc'] })]
    const { id, nextRunAt } = await createSchedule(api, { action: 'BACKUP', planId: one })
    const moved = await updateSchedule(api, { id, planId: other })
    expect(moved).toMatchObject({ action: 'BACKUP', plan: { id: other }, repository: { id: repositoryId }, nextRunAt })
    expect(await updateSchedule(api, { id, action: 'REFRESH_ARCHIVES' })).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: ['repositoryId'], message: expect.stringContaining('is missing') }],
    })
    expect(await updateSchedule(api, { id, repositoryId })).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: ['repositoryId'], message: expect.stringContaining('must be left out') }],
    })
    expect(await updateSchedule(api, { id, planId: btoa('BackupPlan:nobody') })).toMatchObject({
      __typename: 'PlanNotFound',
    })
    expect(await readSchedule(api, id)).toMatchObject({ action: 'BACKUP', plan: { id: other } })
    expect(await updateSchedule(api, { id, action: 'REFRESH_ARCHIVES', repositoryId })).toMatchObject({
      action: 'REFRESH_ARCHIVES',
      plan: null,
      repository: { id: repositoryId },
    })
    expect(await updateSchedule(api, { id, repositoryId: btoa('Repository:nobody') })).toMatchObject({
      __typename: 'RepositoryNotFound',
    })
    expect(await updateSchedule(api, { id, action: 'BACKUP', planId: one })).toMatchObject({ plan: { id: one } })
  })

  it('should have no next run while it is disabled', async () => {
    const { id } = await createSchedule(api, { repositoryId })
    expect(await updateSchedule(api, { id, isEnabled: false })).toMatchObject({ nextRunAt: null, nextRuns: [] })
    expect((await updateSchedule(api, { id, isEnabled: true })).nextRunAt).not.toBeNull()
  })

  it('should tell those who watch, and forget what is removed', async () => {
    const { id } = await createSchedule(api, { repositoryId })
    const changes = api.subscribe<{ scheduleChanged: ScheduleAnswer }>(
      `subscription ($id: ID!) { scheduleChanged(id: $id) { ${scheduleFields} } }`,
      { id },
    )
    const renamed = waitFor(changes, ({ scheduleChanged }) => scheduleChanged.name === 'renamed')
    await updateSchedule(api, { id, name: 'renamed' })
    await renamed
    const remove = 'mutation ($id: ID!) { deleteSchedule(input: { id: $id }) { __typename } }'
    expect(await api.query(remove, { id })).toEqual({ deleteSchedule: { __typename: 'DeletedSchedule' } })
    expect(await api.query(remove, { id })).toEqual({ deleteSchedule: { __typename: 'ScheduleNotFound' } })
  })
})

describe('removing what it works on', () => {
  const removed = () => api.subscribe<{ scheduleDeleted: { id: string } }>('subscription { scheduleDeleted { id } }')

  it('should tell those who watch of the schedules that go along', async () => {
    const planId = await createPlan({ sources: ['/etc'] })
    const { id } = await createSchedule(api, { action: 'BACKUP', planId })
    const told = waitFor(removed(), ({ scheduleDeleted }) => scheduleDeleted.id === id)
    const other = await readyRepository(api, { name: 'to be removed' })
    const refresh = await createSchedule(api, { repositoryId: other.id })
    const toldToo = waitFor(removed(), ({ scheduleDeleted }) => scheduleDeleted.id === refresh.id)
    await expect.poll(() => api.isConnected()).toBe(true)
    await api.query('mutation ($id: ID!) { deletePlan(input: { id: $id }) { __typename } }', { id: planId })
    await api.query('mutation ($id: ID!) { deleteRepository(input: { id: $id }) { __typename } }', { id: other.id })
    await Promise.all([told, toldToo])
    for (const gone of [id, refresh.id]) await expect(readSchedule(api, gone)).rejects.toThrow('no such schedule')
  })
})

describe('running now', () => {
  it('should back its plan up, for the person who asked, and leave its own times', async () => {
    const planId = await createPlan({ sources: [smallSource()] })
    const { id, nextRunAt } = await createSchedule(api, { action: 'BACKUP', planId, isEnabled: true })
    const job = await jobEnd(api, { ...(await start(id)) } as Awaited<ReturnType<typeof startRefresh>>)
    expect(job).toMatchObject({ kind: 'BACKUP', state: 'COMPLETED', archive: { incompleteReason: null } })
    expect(await readSchedule(api, id)).toMatchObject({
      nextRunAt,
      lastScheduledFor: null,
      jobs: { totalCount: 1, edges: [{ node: { scheduledFor: null, requestedBy: { username: 'ada' } } }] },
      latestJob: { id: job.id },
    })
  })

  it('should be stopped after its longest duration, and leave the repository in order', async () => {
    const planId = await createPlan({ sources: [largeSource()], ...slowly })
    const { id } = await createSchedule(api, { name: 'short', action: 'BACKUP', planId, maxDuration: 2 })
    const begun = await start(id)
    const job = await jobEnd(api, begun as Awaited<ReturnType<typeof startRefresh>>)
    const problem = 'Stopped after the 2 seconds that its schedule allows. Archives made before are whole.'
    expect(job).toMatchObject({
      state: 'FAILED',
      problem,
      tasks: [
        { kind: 'BACKUP', state: 'FAILED', problem },
        { kind: 'LIST', state: 'COMPLETED' },
      ],
    })
    const { startedAt, finishedAt, schedule, maxDuration } = await jobOf(begun.id)
    expect({ schedule, maxDuration }).toEqual({ schedule: { name: 'short' }, maxDuration: 2 })
    expect(new Date(finishedAt).getTime() - new Date(startedAt).getTime()).toBeGreaterThanOrEqual(2000)
    expect(await jobEnd(api, await startRefresh(api, repositoryId))).toMatchObject({ state: 'COMPLETED' })
  })
})

describe('looking ahead', () => {
  it('should list those that run next first, page by page, and in the end those that do not run', async () => {
    const { id } = await readyRepository(api)
    const make = (name: string, cron: string, isEnabled = true) =>
      createSchedule(api, { name, repositoryId: id, cron, isEnabled })
    await make('order: a, off', '@daily', false)
    await make('order: b, late', '0 12 1 1 *')
    await make('order: c, soon', '0 0 1 * *')
    await make('order: d, off', '@daily', false)
    interface Listed {
      schedules: { totalCount: number; pageInfo: { endCursor: string }; edges: { node: { name: string } }[] }
    }
    const read = async (after: string | null) =>
      (
        await api.query<Listed>(
          `query ($id: ID!, $after: String) {
            schedules(repositoryId: $id, order: NEXT_RUN, first: 3, after: $after) {
              totalCount pageInfo { endCursor } edges { node { name } }
            }
          }`,
          { id, after },
        )
      ).schedules
    const first = await read(null)
    expect(first.totalCount).toBe(4)
    const second = await read(first.pageInfo.endCursor)
    expect([...first.edges, ...second.edges].map(({ node }) => node.name)).toEqual([
      'order: c, soon',
      'order: b, late',
      'order: a, off',
      'order: d, off',
    ])
  })

  it('should say what a cron text stands for, or what is wrong with it', async () => {
    const preview = (cron: string, timeZone: string) =>
      api.query<{ cronPreview: { text: string | null; nextRuns: string[]; problems: unknown } }>(
        `query ($cron: String!, $timeZone: String!) {
          cronPreview(cron: $cron, timeZone: $timeZone) { text nextRuns problems { path message } }
        }`,
        { cron, timeZone },
      )
    const { cronPreview } = await preview('@daily', 'Asia/Tokyo')
    expect(cronPreview).toMatchObject({ text: 'At 00:00', problems: [] })
    expect(cronPreview.nextRuns.map((run) => run.slice(11))).toEqual(Array(5).fill('15:00:00.000Z'))
    expect((await preview('0 25 * * *', 'UTC')).cronPreview).toMatchObject({
      text: null,
      nextRuns: [],
      problems: [{ path: ['cron'], message: expect.stringContaining('The hour is wrong') }],
    })
    expect((await preview('@daily', 'Mars')).cronPreview.problems).toMatchObject([{ path: ['timeZone'] }])
  })

  it('should show a calendar of all schedules in order, right where the clock changes, and say when it is cut', async () => {
    await createSchedule(api, { name: 'in skipped time', repositoryId, cron: '30 2 * * *', timeZone: 'Europe/Berlin' })
    await createSchedule(api, { name: 'disabled', repositoryId, cron: '45 2 * * *', isEnabled: false })
    const calendar = async (from: string, to: string, first: number) => {
      const { calendar } = await api.query<{
        calendar: { isTruncated: boolean; runs: { at: string; schedule: { name: string } }[] }
      }>(
        `query ($from: DateTime!, $to: DateTime!, $first: Int!) {
          calendar(from: $from, to: $to, first: $first) { isTruncated runs { at scheduledFor schedule { name } } }
        }`,
        { from, to, first },
      )
      return calendar
    }
    const spring = await calendar('2030-03-30T00:00:00Z', '2030-04-02T00:00:00Z', 1000)
    const mine = spring.runs.filter(({ schedule }) => schedule.name === 'in skipped time').map(({ at }) => at)
    expect(mine).toEqual(['2030-03-30T01:30:00.000Z', '2030-03-31T01:00:00.000Z', '2030-04-01T00:30:00.000Z'])
    const autumn = await calendar('2030-10-26T00:00:00Z', '2030-10-29T00:00:00Z', 1000)
    expect(autumn.runs.filter(({ schedule }) => schedule.name === 'in skipped time').map(({ at }) => at)).toEqual([
      '2030-10-26T00:30:00.000Z',
      '2030-10-27T00:30:00.000Z',
      '2030-10-28T01:30:00.000Z',
    ])
    expect(spring.runs.map(({ schedule }) => schedule.name)).not.toContain('disabled')
    const times = spring.runs.map(({ at }) => at)
    expect(times).toEqual([...times].sort())
    expect(spring.isTruncated).toBe(false)

    const cut = await calendar('2030-03-30T00:00:00Z', '2030-04-02T00:00:00Z', 4)
    expect(cut).toEqual({ isTruncated: true, runs: spring.runs.slice(0, 4) })
    const now = new Date().toISOString()
    const coming = await calendar(now, '2030-01-01T00:00:00Z', 7)
    expect(coming.runs).toHaveLength(7)
    expect(coming.isTruncated).toBe(true)
    expect(coming.runs.every(({ at }) => at >= now)).toBe(true)
  })
})
