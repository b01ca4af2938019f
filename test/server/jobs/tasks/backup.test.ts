import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ApiClient } from '../../../support/api-client.ts'
import { signIn } from '../../../support/api-client.ts'
import { borg } from '../../../support/borg.ts'
import {
  type JobAnswer,
  jobEnd,
  jobWhere,
  passphrase,
  readArchives,
  readLines,
  readRepository,
  readyRepository,
  startBackup,
  startRefresh,
} from '../../../support/jobs.ts'
import { findProgram, writeProgram } from '../../../support/programs.ts'
import { startServer, type TestServer } from '../../../support/server.ts'
import { fillSource, largeSource, smallSource } from '../../../support/sources.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { waitFor } from '../../../support/wait-for.ts'

let server: TestServer
let api: ApiClient
let repository: { id: string; location: string }

beforeAll(async () => {
  server = await startServer()
  api = await server.setUp()
  repository = await readyRepository(api)
})

interface OutputAnswer {
  readonly taskOutput: { readonly cursor: number; readonly lines: readonly string[] }
}

const subscribeToOutput = (client: ApiClient, taskId: string, after = 0) =>
  client.subscribe<OutputAnswer>(
    'subscription ($id: ID!, $after: Int!) { taskOutput(taskId: $id, after: $after) { cursor lines } }',
    { id: taskId, after },
  )

/** All that the subscription sends until it ends; each page must continue the one before. */
const collectOutput = async (client: ApiClient, taskId: string, after = 0): Promise<string[]> => {
  const lines: string[] = []
  for await (const { taskOutput } of subscribeToOutput(client, taskId, after)) {
    lines.push(...taskOutput.lines)
    expect(taskOutput.cursor).toBe(after + lines.length)
  }
  return lines
}

describe('a backup', () => {
  test('ends with an archive, its figures and its comment, which borg itself confirms', async () => {
    const source = smallSource()
    const started = await startBackup(api, repository.id, [source], { comment: 'by hand' })
    expect(started.state).toBe('PENDING')
    const job = await jobEnd(api, started)
    expect(job).toMatchObject({
      kind: 'BACKUP',
      state: 'COMPLETED',
      problem: null,
      archive: { comment: 'by hand', incompleteReason: null, fileCount: 3 },
      tasks: [
        { kind: 'BACKUP', state: 'COMPLETED', exitCode: 0, problem: null, fileProblemCount: 0 },
        { kind: 'LIST', state: 'COMPLETED', exitCode: 0, problem: null },
      ],
    })
    expect(job.tasks[0]?.commandLine).toMatch(/^borg create --log-json .* -- \S+::\S+ \S+$/s)
    const listed = await borg(['list', '--short', `${repository.location}::${job.archive?.name}`], { passphrase })
    expect(listed).toContain(`${source.slice(1)}/file-0\n`)
  })

  test('is seen live: states, current file, figures, and a percentage once an earlier archive gives an estimate', async () => {
    const source = largeSource(40)
    const seen: JobAnswer[] = []
    const first = await startBackup(api, repository.id, [source], { compression: { algorithm: 'NONE' } })
    expect((await jobEnd(api, first)).archive?.originalSize).toBeGreaterThan(40_000_000)
    fillSource(source, 40)

    const compression = { algorithm: 'ZLIB', level: 9 }
    const second = await startBackup(api, repository.id, [source], { compression })
    await jobWhere(api, second, (job) => {
      seen.push(job)
      return job.finishedAt !== null
    })
    expect([...new Set(seen.map(({ state }) => state))].filter((state) => state !== 'PENDING')).toEqual([
      'RUNNING',
      'COMPLETED',
    ])
    const live = seen.map(({ tasks }) => tasks[0]?.progress).filter((progress) => progress?.percent != null)
    expect(live.length).toBeGreaterThan(2)
    expect(live.some((progress) => progress?.currentPath?.includes('large/file-'))).toBe(true)
    const percents = live.map((progress) => progress?.percent ?? 0)
    expect(percents).toEqual([...percents].sort((a, b) => a - b))
    expect(percents.at(-1)).toBeLessThanOrEqual(99)
    expect(live[0]?.expectedOriginalSize).toBeGreaterThan(40_000_000)
    expect(seen.at(-1)?.tasks[0]?.progress).toMatchObject({ currentPath: null, percent: null })
  })

  test('sends its whole output from any cursor, while it runs and afterwards, also to one that lost its connection', async () => {
    const source = smallSource(3000)
    const job = await startBackup(api, repository.id, [source])
    const taskId = job.tasks[0]?.id ?? ''
    const live = collectOutput(api, taskId)

    const unsteady = server.client()
    await signIn(unsteady)
    const received: string[] = []
    let hasEnded = false
    let drops = 0
    while (!hasEnded) {
      try {
        for await (const { taskOutput } of subscribeToOutput(unsteady, taskId, received.length)) {
          received.push(...taskOutput.lines)
          expect(taskOutput.cursor).toBe(received.length)
          if (drops > 4) continue
          drops += 1
          unsteady.dropConnection()
        }
        hasEnded = true
      } catch (error) {
        if (error instanceof Error && error.name === 'AssertionError') throw error
      }
    }

    expect((await jobEnd(api, job)).state).toBe('COMPLETED')
    const lines = await readLines(api, taskId)
    expect(lines.filter((line) => line.startsWith('A '))).toHaveLength(3000)
    expect(await live).toEqual(lines)
    expect(drops).toBeGreaterThan(0)
    expect(received).toEqual(lines)
    expect(await collectOutput(api, taskId, 1234)).toEqual(lines.slice(1234))
    expect(await collectOutput(api, taskId, lines.length)).toEqual([])
  })

  test('is the same for two people who watch it', async () => {
    const other = server.client()
    await signIn(other)
    const changes = other.subscribe<{ jobsChanged: JobAnswer }>(
      'subscription { jobsChanged { id state finishedAt archive { id name } } }',
    )
    const seen = waitFor(changes, ({ jobsChanged }) => jobsChanged.finishedAt !== null)
    const job = await jobEnd(api, await startBackup(api, repository.id, [smallSource()]))
    expect((await seen).jobsChanged).toMatchObject({
      id: job.id,
      state: job.state,
      archive: { name: job.archive?.name },
    })
  })
})

describe('the list of archives', () => {
  test('shows what borg itself made and deleted outside, after a refresh or several at once', async () => {
    const own = await readyRepository(api)
    const job = await jobEnd(api, await startBackup(api, own.id, [smallSource()]))
    const name = job.archive?.name ?? ''
    expect((await readArchives(api, own.id)).map((archive) => archive.name)).toEqual([name])

    const options = { passphrase, workingFolder: smallSource() }
    await borg(['create', `${own.location}::stopped.checkpoint`, '.'], options)
    await borg(['create', '--comment', 'outside', `${own.location}::made-outside`, '.'], options)
    const refreshes = await Promise.all([1, 2, 3].map(() => startRefresh(api, own.id)))
    for (const refresh of refreshes) {
      expect(await jobEnd(api, refresh)).toMatchObject({ kind: 'REFRESH_ARCHIVES', state: 'COMPLETED' })
    }
    expect(await readArchives(api, own.id)).toMatchObject([
      { name: 'made-outside', comment: 'outside', originalSize: null, incompleteReason: null },
      {
        name: 'stopped.checkpoint',
        incompleteReason: 'It is a checkpoint: what a backup that was stopped had saved until then.',
      },
      { name, incompleteReason: null },
    ])

    await borg(['delete', own.location, name, 'stopped.checkpoint'], options)
    await borg(['rename', `${own.location}::made-outside`, 'renamed'], options)
    await jobEnd(api, await startRefresh(api, own.id))
    expect((await readArchives(api, own.id)).map((archive) => archive.name)).toEqual(['renamed'])
  })

  test('keeps the records of archives when the repository cannot be read, and tells why', async () => {
    const own = await readyRepository(api)
    await jobEnd(api, await startBackup(api, own.id, [smallSource()]))
    rmSync(own.location, { recursive: true })
    const job = await jobEnd(api, await startRefresh(api, own.id))
    expect(job).toMatchObject({
      state: 'FAILED',
      problem: 'There is no repository at this path any more. Nothing was changed.',
    })
    expect(await readArchives(api, own.id)).toHaveLength(1)
    expect(await readRepository(api, own.id)).toMatchObject({ state: 'FAILED' })
  })
})

test('a long list of archives is read whole, and the server answers others meanwhile', async () => {
  const folder = temporaryFolder()
  const list = join(folder, 'list.json')
  const archives = Array.from({ length: 2000 }, (_, number) => ({
    id: number.toString(16).padStart(64, '0'),
    name: `archive-${number}`,
    archive: `archive-${number}`,
    barchive: `archive-${number}`,
    start: '2026-01-02T03:04:05.000000',
    end: '2026-01-02T03:05:05.000000',
    time: '2026-01-02T03:04:05.000000',
    hostname: 'elsewhere',
    username: 'ada',
    comment: '',
  }))
  const encryption = { mode: 'none' }
  const script = `case " $* " in *" list "*) [ -e '${list}' ] && exec cat '${list}' ;; esac
exec '${findProgram('borg')}' "$@"`
  writeProgram(folder, 'borg', script)
  const { url, setUp } = await startServer({
    environment: { PATH: `${folder}${delimiter}${process.env.PATH ?? ''}` },
  })
  const client = await setUp()
  const { id, location } = await readyRepository(client, { encryption: 'NONE', passphrase: null })
  const [, borgId] = /^id = (\w+)$/m.exec(readFileSync(join(location, 'config'), 'utf8')) ?? []
  writeFileSync(list, JSON.stringify({ archives, encryption, repository: { id: borgId, location } }))

  let isOver = false
  const ended = startRefresh(client, id)
    .then((job) => jobEnd(client, job))
    .finally(() => {
      isOver = true
    })
  while (!isOver) expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect(await ended).toMatchObject({ state: 'COMPLETED' })
  const { node } = await client.query<{ node: { archives: { totalCount: number } } }>(
    'query ($id: ID!) { node(id: $id) { ... on Repository { archives(first: 1) { totalCount } } } }',
    { id },
  )
  expect(node.archives.totalCount).toBe(2000)
})
