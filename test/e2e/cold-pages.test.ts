import type { Page, Response } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { type ApiClient, cookiesOf } from '../support/api-client.ts'
import { openBrowser } from '../support/browser.ts'
import { created } from '../support/created.ts'
import { jobEnd, readyRepository, startBackup } from '../support/jobs.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { smallSource } from '../support/sources.ts'

let server: TestServer
let api: ApiClient
/** By what it is: the address of a page. */
let addresses: Record<string, string>

beforeAll(async () => {
  server = await startServer()
  api = await server.setUp()
  const source = smallSource()
  const repository = await readyRepository(api, { name: 'family' })
  await jobEnd(api, await startBackup(api, repository.id, [source]))
  const settings = { sources: [source] }
  const plans = await Promise.all(
    ['notes', 'photos', 'mail'].map((name) =>
      created(api, 'createPlan', 'BackupPlan', { name, repositoryId: repository.id, settings }),
    ),
  )
  // None runs while the pages are looked at.
  const hour = (later: number) => (new Date().getUTCHours() + later) % 24
  const schedules = await Promise.all(
    [`0 ${hour(5)} * * *`, `30 ${hour(6)},${hour(9)} * * *`, `*/5 ${hour(7)} * * *`, `15 ${hour(8)} * * 1`].map(
      (cron, index) =>
        created(api, 'createSchedule', 'Schedule', {
          name: `schedule ${index}`,
          action: 'BACKUP',
          planId: plans[index % plans.length],
          cron,
          timeZone: 'UTC',
          isEnabled: true,
        }),
    ),
  )
  const jobs = await Promise.all(plans.map((planId) => created(api, 'startBackup', 'Job', { planId })))
  for (const id of jobs) await jobEnd(api, { id } as Parameters<typeof jobEnd>[1])
  const dryRun = await created(api, 'startDryRun', 'Job', { planId: plans[0] })
  await jobEnd(api, { id: dryRun } as Parameters<typeof jobEnd>[1])

  const missing = Array.from({ length: 20 }, (_, index) => `${source}-missing-${index}`)
  const withProblems = await jobEnd(api, await startBackup(api, repository.id, [source, ...missing]))

  const at = (noun: string, id: string | undefined, rest = '') => `/${noun}/${encodeURIComponent(id ?? '')}${rest}`
  addresses = {
    overview: '/',
    repositories: '/repositories',
    'create repository': '/repositories/new',
    'import repository': '/repositories/import',
    repository: at('repositories', repository.id),
    'jobs of a repository': at('repositories', repository.id, '/jobs'),
    'settings of a repository': at('repositories', repository.id, '/settings'),
    'back up now': at('repositories', repository.id, '/backup'),
    plans: '/plans',
    'create plan': '/plans/new',
    plan: at('plans', plans[0]),
    'jobs of a plan': at('plans', plans[0], '/jobs'),
    'dry run of a plan': `${at('plans', plans[0])}?dryRun=${encodeURIComponent(dryRun)}`,
    'edit plan': at('plans', plans[0], '/edit'),
    schedules: '/schedules',
    calendar: '/schedules/calendar',
    'create schedule': '/schedules/new',
    schedule: at('schedules', schedules[0]),
    'edit schedule': at('schedules', schedules[0], '/edit'),
    jobs: '/jobs',
    job: at('jobs', jobs[0]),
    'job with file problems': at('jobs', withProblems.id),
    'job of a dry run': at('jobs', dryRun),
    system: '/system',
    queue: '/system/queue',
    history: '/system/history',
    people: '/system/people',
    account: '/system/account',
  }
})

/** Layout shift that nobody sees: the time on a page goes on, and may grow by a figure. */
const unseen = 0.05

interface Load {
  /** The operations that were sent by HTTP, each with its variables. */
  readonly operations: readonly string[]
  /** The sum of the layout shifts that nobody asked for, and what shifted. */
  readonly shift: number
  readonly shifted: readonly string[]
}

const load = async (page: Page, address: string): Promise<Load> => {
  const operations: string[] = []
  const note = (request: { url(): string; postData(): string | null }) => {
    if (!request.url().endsWith('/graphql')) return
    const { operationName, variables } = JSON.parse(request.postData() ?? '{}')
    operations.push(`${operationName} ${JSON.stringify(variables)}`)
  }
  page.on('request', note)
  await page.goto(server.url + address, { waitUntil: 'networkidle' })
  await expect.poll(() => page.getByRole('status', { name: 'Loading' }).count()).toBe(0)
  page.off('request', note)
  const shifts = await page.evaluate(() => {
    interface Shift extends PerformanceEntry {
      value: number
      hadRecentInput: boolean
      sources: { node: Node | null }[]
    }
    return new Promise<{ value: number; node: string }[]>((resolve) => {
      // Calls back with what was noted before, in a task of its own; not at all where there is nothing.
      const none = setTimeout(() => resolve([]), 200)
      new PerformanceObserver((list) => {
        clearTimeout(none)
        const nameOf = (node: Node | null) => (node?.textContent ?? '').slice(0, 60)
        resolve(
          (list.getEntries() as Shift[])
            .filter(({ hadRecentInput }) => !hadRecentInput)
            .map(({ value, sources }) => ({ value, node: sources.map(({ node }) => nameOf(node)).join(' | ') })),
        )
      }).observe({ type: 'layout-shift', buffered: true })
    })
  })
  return {
    operations,
    shift: shifts.reduce((sum, { value }) => sum + value, 0),
    shifted: shifts.map(({ value, node }) => `${value.toFixed(3)} ${node}`),
  }
}

const repeatedOf = (operations: readonly string[]) =>
  operations.filter((operation, index) => operations.indexOf(operation) < index)

/** The pages that are looked at on a wide screen too. */
const wide = [
  'overview',
  'repository',
  'back up now',
  'plan',
  'dry run of a plan',
  'calendar',
  'schedule',
  'jobs',
  'job',
  'job with file problems',
]

test.each([
  { width: 390, height: 844, isWide: false },
  { width: 1440, height: 900, isWide: true },
])('each page reads what it shows once, and nothing moves when it comes: $width x $height', async (screen) => {
  const { context, faults } = await openBrowser(server.url, { viewport: screen })
  await context.addCookies(cookiesOf(api))
  const page = await context.newPage()
  const repeated: Record<string, string[]> = {}
  const shifts: Record<string, readonly string[]> = {}
  for (const [what, address] of Object.entries(addresses)) {
    if (screen.isWide && !wide.includes(what)) continue
    const first = await load(page, address)
    expect(first.operations).toContain('Session undefined')
    // Something that was announced meanwhile, as the end of what was started above, is read and shown by right: once.
    const isSettled = repeatedOf(first.operations).length === 0 && first.shift <= unseen
    const { operations, shift, shifted } = isSettled ? first : await load(page, address)
    const again = repeatedOf(operations)
    if (again.length > 0) repeated[what] = again
    if (shift > unseen) shifts[what] = shifted
  }
  // Says so above every page.
  await api.query('mutation { pauseQueue(input: {}) { __typename } }')
  const { shift, shifted } = await load(page, addresses.jobs ?? '')
  expect(await page.getByRole('region', { name: 'The queue is paused' }).count()).toBe(1)
  if (shift > unseen) shifts['jobs while the queue is paused'] = shifted
  await api.query('mutation { resumeQueue { isPaused } }')
  expect(repeated).toEqual({})
  expect(shifts).toEqual({})
  expect(faults).toEqual([])
})

test('days of the calendar that come one after another read once what they run', async () => {
  const { context, faults } = await openBrowser(server.url)
  await context.addCookies(cookiesOf(api))
  const page = await context.newPage()
  const isOf = (name: string) => (message: Response) =>
    message.request().postData()?.includes(`"operationName":"${name}"`) ?? false
  const subjects = page.waitForResponse(isOf('ScheduleSubjects'))
  let days = 0
  await page.route('**/graphql', async (route) => {
    // Tomorrow and the days after it have the same schedules.
    if (route.request().postData()?.includes('"operationName":"CalendarDay"')) {
      days += 1
      if (days > 4) await subjects
    }
    await route.continue()
  })
  const { operations } = await load(page, addresses.calendar ?? '')
  expect(operations.filter((operation) => operation.startsWith('CalendarDay')).length).toBe(7)
  expect(operations.filter((operation, index) => operations.indexOf(operation) < index)).toEqual([])
  expect(faults).toEqual([])
})

test('a person who is led to the sign-in is asked for once', async () => {
  const { context, faults } = await openBrowser(server.url)
  const page = await context.newPage()
  const { operations } = await load(page, '/plans')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(operations.filter((operation) => operation.startsWith('Session')).length).toBe(1)
  expect(faults).toEqual([])
})

test('a page is read also where there is no live connection', async () => {
  const { context, faults } = await openBrowser(server.url)
  await context.addCookies(cookiesOf(api))
  const page = await context.newPage()
  await page.routeWebSocket('**/graphql', (socket) => socket.close())
  await page.goto(`${server.url}/repositories`)
  await page.getByRole('link', { name: 'family' }).waitFor()
  await page.getByText('Connection lost', { exact: false }).waitFor()
  expect(faults).toEqual([])
})
