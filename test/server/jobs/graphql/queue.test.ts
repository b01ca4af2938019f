import { expect, test } from 'vitest'
import { completed } from '../../../../server/jobs/tasks/result.ts'
import { administrator, setUp } from '../../../support/api-client.ts'
import { listen } from '../../../support/app.ts'
import { addJob, addRepository, createGate, failed, kindsWith, startEngine } from '../../../support/engine.ts'
import { waitFor } from '../../../support/wait-for.ts'

/** An engine behind the API, and a client that is signed in. */
const start = async (...[steps]: Parameters<typeof startEngine>) => {
  const engine = await startEngine(steps)
  const { client } = await listen({}, () => engine.app)
  const api = client()
  await setUp(api)
  return { engine, app: engine.app, api }
}

const globalId = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64')

interface QueueAnswer {
  readonly isPaused: boolean
  readonly pausedBy: { readonly username: string } | null
  readonly pauseReason: string | null
  readonly runningCount: number
  readonly waitingCount: number
  readonly concurrentJobs: number
  readonly concurrentBackups: number
}

const fields = 'isPaused pausedBy { username } pauseReason runningCount waitingCount concurrentJobs concurrentBackups'

test('the queue is paused, resumed, limited and watched over the API', async () => {
  const gate = createGate()
  const { app, api, engine } = await start(kindsWith(gate.run))
  const changes = api.subscribe<{ queueChanged: QueueAnswer }>(`subscription { queueChanged { ${fields} } }`)
  const first = await changes.next()
  expect(first.value?.queueChanged).toEqual({
    isPaused: false,
    pausedBy: null,
    pauseReason: null,
    runningCount: 0,
    waitingCount: 0,
    concurrentJobs: 4,
    concurrentBackups: 4,
  })
  const running = await addJob(app, await addRepository(app))
  await gate.begun(running)
  expect(
    await api.query(`mutation { pauseQueue(input: {reason: "new disks"}) { ... on Queue { ${fields} } } }`),
  ).toMatchObject({ pauseQueue: { isPaused: true, pausedBy: { username: administrator.username }, runningCount: 1 } })
  const waiting = await addJob(app, await addRepository(app))
  await waitFor(changes, ({ queueChanged: { isPaused, waitingCount } }) => isPaused && waitingCount === 1)
  expect(
    await api.query(
      'mutation { updateQueue(input: {concurrentBackups: 2}) { ... on Queue { concurrentJobs concurrentBackups } } }',
    ),
  ).toEqual({ updateQueue: { concurrentJobs: 4, concurrentBackups: 2 } })
  expect(
    await api.query('mutation { updateQueue(input: {concurrentJobs: 0}) { ... on InvalidInput { message } } }'),
  ).toEqual({ updateQueue: { message: 'concurrentJobs: must be 1 or more' } })
  const raise = 'mutation ($id: ID!) { setJobPriority(input: {id: $id, priority: HIGH}) { ... on Job { priority } } }'
  expect(await api.query(raise, { id: globalId('Job', waiting) })).toEqual({ setJobPriority: { priority: 'HIGH' } })
  expect(await api.query('mutation { resumeQueue { isPaused pauseReason } }')).toEqual({
    resumeQueue: { isPaused: false, pauseReason: null },
  })
  gate.open(running)
  gate.open(waiting)
  await engine.jobEnd(waiting)
})

test('a job is tried again over the API, and both know of each other', async () => {
  const settings = { hookId: 'x', name: 'mount', moment: 'BEFORE', command: 'mount /x', workingFolder: null }
  let hasFailed = false
  const { app, api, engine } = await start(
    kindsWith(async ({ task }) => {
      if (hasFailed || task.kind !== 'BACKUP') return completed
      hasFailed = true
      return failed()
    }),
  )
  const id = await addJob(app, await addRepository(app), {
    kind: 'BACKUP',
    tasks: [
      { kind: 'HOOK', settings: { ...settings, environmentSealed: null }, timeLimit: 30, onFailure: 'CONTINUE' },
      { kind: 'BACKUP' },
    ],
  })
  await engine.jobEnd(id)
  const retry = `mutation ($id: ID!) { retryJob(input: {id: $id}) {
    ... on Problem { message } ... on Job { id canRetry notBefore retryOf { id canRetry retries { id } } }
  } }`
  interface Answer {
    readonly retryJob: { readonly id: string }
  }
  const failedId = globalId('Job', id)
  const { retryJob: job } = await api.query<Answer>(retry, { id: failedId })
  expect(job).toMatchObject({
    canRetry: false,
    notBefore: null,
    retryOf: { id: failedId, canRetry: true, retries: [{ id: job.id }] },
  })
  const [, plainId = ''] = Buffer.from(job.id, 'base64').toString().split(':')
  expect(await engine.jobEnd(plainId)).toMatchObject({ state: 'COMPLETED' })
  const [hook, backup] = [
    {
      hookName: 'mount',
      hookMoment: 'BEFORE',
      hookCommand: 'mount /x',
      condition: 'UNLESS_FAILED',
      onFailure: 'CONTINUE',
      ...{ attempt: 1, retries: 0, timeLimit: 30, outputSize: 0, outputRemovedAt: null },
    },
    { hookName: null, hookMoment: null, hookCommand: null, onFailure: 'STOP', timeLimit: null },
  ]
  expect(
    await api.query(
      `query ($id: ID!) { node(id: $id) { ... on Job { tasks {
        hookName hookMoment hookCommand condition onFailure attempt retries timeLimit outputSize outputRemovedAt
      } } } }`,
      { id: job.id },
    ),
  ).toMatchObject({ node: { tasks: [hook, backup] } })
  expect(await api.query(retry, { id: job.id })).toMatchObject({
    retryJob: {
      message: 'The job cannot be tried again. Only a job that failed or was stopped can be tried again.',
    },
  })
})
