import { execFile } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type ApiClient, apiClient, setUp, signIn } from '../api-client.ts'
import { poll } from '../poll.ts'
import { processesWith } from '../processes.ts'
import { launchServer, type ServerProcess } from '../server-process.ts'
import { compareMoments, type Moment, readMoment } from './truth.ts'

/** How a storm went; `lies` is empty where every record was true all the while. */
export interface StormReport {
  kills: number
  /** Kills of a server that was not ready yet. */
  killsWhileStarting: number
  /** Servers that were asked to stop. */
  stops: number
  /** Jobs that were asked for and acknowledged. */
  jobs: number
  /** Jobs that schedules began. */
  scheduled: number
  /** Jobs by the state that they ended in. */
  readonly ends: Record<string, number>
  readonly lies: string[]
}

export interface StormOptions {
  /** An empty folder for everything: data, repositories, sources. */
  readonly folder: string
  /** Added to the environment of each server. */
  readonly environment?: Readonly<Record<string, string>>
  /** Asked before each round whether there is to be another one. */
  readonly goesOn: (report: StormReport) => boolean
  /** Told after each round. */
  readonly onRound?: (report: StormReport) => void
}

const pick = <T>(items: readonly T[]): T => items[randomInt(items.length)] as T

const passphrase = 'a passphrase in the storm'
const repositories = ['one', 'two', 'three']
const overlapPolicies = ['SKIP', 'QUEUE']

interface Plan {
  readonly id: string
  readonly location: string
}

type Started = Readonly<{ __typename: string; id?: string; message?: string }>

const begin = async (api: ApiClient, name: string, input: object): Promise<Started> => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`
  const answer = await api.query<Record<string, Started>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { __typename ... on Problem { message } ... on Node { id } } }`,
    { input },
  )
  return answer[name] as Started
}

const idOf = (started: Started): string => {
  if (started.id === undefined) throw new Error(`refused: ${started.message}`)
  return started.id
}

/**
 * Three repositories, a source of a few files for each, and a plan whose hook notes which job has begun. Schedules run one
 * of the plans, each every minute.
 */
const prepare = async (api: ApiClient, folder: string): Promise<readonly Plan[]> => {
  const plans: Plan[] = []
  for (const name of repositories) {
    const source = join(folder, `source ${name}`)
    mkdirSync(source)
    for (let file = 0; file < 40; file += 1) writeFileSync(join(source, `file ${file}`), String(file).repeat(20_000))
    const location = join(folder, `repository ${name}`)
    idOf(await begin(api, 'createRepository', { name, location, encryption: 'REPOKEY_BLAKE2', passphrase }))
    let repositoryId = ''
    await poll('the repository is ready', async () => {
      const { repositories } = await api.query<{ repositories: { edges: { node: { id: string; state: string } }[] } }>(
        `{ repositories(first: 1, search: "${name}") { edges { node { id state } } } }`,
      )
      const node = repositories.edges[0]?.node
      repositoryId = node?.id ?? ''
      return node?.state === 'READY'
    })
    const hook = { name: 'note', moment: 'BEFORE', command: 'echo "$BORGITORY_JOB_ID" >> "$NOTES"; seq 500' }
    const last = { name: 'tidy', moment: 'ALWAYS', command: 'seq 100' }
    const environment = [{ name: 'NOTES', value: join(folder, 'begun') }]
    const plan = await begin(api, 'createPlan', {
      name,
      repositoryId,
      settings: { sources: [source] },
      hooks: [{ ...hook, environment }, last],
      retries: 1,
      retryDelay: 1,
    })
    plans.push({ id: idOf(plan), location })
  }
  const planId = pick(plans).id
  const everyMinute = { action: 'BACKUP', planId, cron: '* * * * *', timeZone: 'UTC' }
  for (const overlapPolicy of overlapPolicies) {
    idOf(await begin(api, 'createSchedule', { name: overlapPolicy, overlapPolicy, ...everyMinute }))
  }
  return plans
}

/** Has schedules begin nothing more. */
const disableSchedules = async (api: ApiClient) => {
  const { schedules } = await api.query<{ schedules: { edges: { node: { id: string } }[] } }>(
    '{ schedules(first: 10) { edges { node { id } } } }',
  )
  for (const { node } of schedules.edges) idOf(await begin(api, 'updateSchedule', { id: node.id, isEnabled: false }))
}

/** What people do while the server is about to be killed. Whatever the server has acknowledged it must keep. */
const act = async (api: ApiClient, plans: readonly Plan[], jobs: string[], report: StormReport) => {
  const start = async () => {
    const { id } = await begin(api, 'startBackup', { planId: pick(plans).id })
    if (id === undefined) return
    jobs.push(id)
    report.jobs += 1
  }
  const recent = () => pick(jobs.slice(-5))
  const actions = [
    start,
    start,
    start,
    () => begin(api, 'cancelJob', { id: recent() }),
    async () => {
      const { id } = await begin(api, 'retryJob', { id: recent() })
      if (id !== undefined) jobs.push(id)
    },
    () => begin(api, 'setJobPriority', { id: recent(), priority: pick(['LOW', 'NORMAL', 'HIGH']) }),
    () => begin(api, 'pauseQueue', {}),
    () => api.query('mutation { resumeQueue { __typename } }'),
    () => api.query('mutation { resumeQueue { __typename } }'),
  ]
  await start()
  for (;;) {
    await pick(actions)()
    await delay(randomInt(60))
  }
}

/** The programs that servers which are gone have left behind. */
const leftBehind = (folder: string) =>
  processesWith(folder).filter(({ environment }) => /BORGITORY_SERVER=/.test(environment))

/**
 * Starts the real server again and again on the same records, has it work, and kills or stops it at a random moment; looks
 * at the records each time that it is back, and at the repositories in the end.
 */
export const storm = async ({ folder, environment = {}, goesOn, onRound }: StormOptions): Promise<StormReport> => {
  const dataFolder = join(folder, 'data')
  const report: StormReport = { kills: 0, killsWhileStarting: 0, stops: 0, jobs: 0, scheduled: 0, ends: {}, lies: [] }
  const jobs: string[] = []
  let before: Moment = { serverId: null, jobs: [], lies: [] }
  const examine = (when: string) => {
    const moment = readMoment(dataFolder)
    const lies = [...moment.lies, ...compareMoments(before, moment)]
    if (when.includes('start')) {
      const left = leftBehind(folder).filter(({ environment }) => !environment.includes(String(moment.serverId)))
      lies.push(...left.map(({ commandLine }) => `left behind by a server that is gone: ${commandLine}`))
    }
    report.lies.push(...lies.map((lie) => `${when}, after ${report.kills} kills: ${lie}`))
    before = moment
    report.scheduled = moment.jobs.filter(({ scheduleId }) => scheduleId !== null).length
  }
  const launch = async (): Promise<{ server: ServerProcess; api: ApiClient }> => {
    const server = await launchServer({ dataFolder, environment })
    const api = apiClient(server.url)
    if (before.jobs.length > 0) await signIn(api)
    return { server, api }
  }

  const first = await launch()
  await setUp(first.api)
  const plans = await prepare(first.api, folder)
  await first.api.close()
  await first.server.stop()
  examine('before the storm')

  while (goesOn(report)) {
    if (randomInt(5) === 0) {
      await launchServer({ dataFolder, environment, readyWithin: randomInt(700) }).then(
        (server) => server.kill(),
        () => {},
      )
      report.kills += 1
      report.killsWhileStarting += 1
    }
    const { server, api } = await launch()
    examine('at a start')
    const acting = act(api, plans, jobs, report).catch(() => {})
    await delay(randomInt(1_800))
    if (randomInt(6) === 0) {
      await server.stop()
      report.stops += 1
    } else {
      await server.kill()
      report.kills += 1
    }
    await acting
    await api.close()
    examine('after an end')
    onRound?.(report)
  }

  const { server, api } = await launch()
  examine('at the last start')
  await disableSchedules(api)
  await api.query('mutation { resumeQueue { __typename } }')
  await poll('every job has ended', () => readMoment(dataFolder).jobs.every(({ finishedAt }) => finishedAt !== null), {
    within: 900_000,
    every: 200,
  })
  examine('in the end')
  await lookForAll(api, jobs, report)
  await api.close()
  const status = await server.stop()
  if (status !== 0) report.lies.push(`the last server ended with status ${status}`)
  for (const { commandLine } of leftBehind(folder)) report.lies.push(`${commandLine} was left behind`)
  const begun = existsSync(join(folder, 'begun')) ? readFileSync(join(folder, 'begun'), 'utf8').trim().split('\n') : []
  if (new Set(begun).size < begun.length) report.lies.push('a job was run twice')
  for (const { state } of before.jobs) report.ends[state] = (report.ends[state] ?? 0) + 1
  for (const { location } of plans) await checkRepository(location, folder, report)
  return report
}

/** What the API acknowledged it still knows. */
const lookForAll = async (api: ApiClient, jobs: readonly string[], report: StormReport) => {
  for (const id of jobs) {
    const { node } = await api.query<{ node: object | null }>('query ($id: ID!) { node(id: $id) { id } }', { id })
    if (node === null) report.lies.push(`job ${id} was acknowledged and is lost`)
  }
}

/** Borg itself finds nothing wrong with a repository, and no lock on it. */
const checkRepository = async (location: string, folder: string, report: StormReport) => {
  const environment = {
    PATH: process.env.PATH ?? '',
    BORG_PASSPHRASE: passphrase,
    BORG_BASE_DIR: join(folder, 'borg of the check'),
    BORG_RELOCATED_REPO_ACCESS_IS_OK: 'yes',
  }
  if (existsSync(join(location, 'lock.exclusive'))) report.lies.push(`${location} is locked`)
  await promisify(execFile)('borg', ['check', location], { env: environment }).catch((error: Error) =>
    report.lies.push(`borg check: ${error.message}`),
  )
}
