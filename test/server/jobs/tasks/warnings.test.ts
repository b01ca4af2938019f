import { linkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ApiClient } from '../../../support/api-client.ts'
import { changingFolder, hasFuse } from '../../../support/changing-folder.ts'
import {
  type JobAnswer,
  jobEnd,
  readLines,
  readyRepository,
  startBackup,
  type startRefresh,
} from '../../../support/jobs.ts'
import { findProgram, writeProgram } from '../../../support/programs.ts'
import { startServer } from '../../../support/server.ts'
import { smallSource } from '../../../support/sources.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

let api: ApiClient
let repositoryId: string

/** What the borg on the server's path says once the real one has ended with status 0; then it ends with status 1. */
const said = join(temporaryFolder(), 'said')
/** The status that it ends with, having done nothing, and what it prints before. */
const broken = join(temporaryFolder(), 'broken')

beforeAll(async () => {
  const programs = temporaryFolder()
  const script = [
    `if [ "$1" != --version ] && [ -s ${broken} ]; then . ${broken}; fi`,
    `${findProgram('borg')} "$@" || exit $?`,
    `if [ "$1" = create ] && [ -f ${said} ]; then cat ${said} >&2; rm ${said}; exit 1; fi`,
  ]
  writeProgram(programs, 'borg', script.join('\n'))
  api = await (await startServer({ environment: { PATH: `${programs}${delimiter}${process.env.PATH}` } })).setUp()
  repositoryId = (await readyRepository(api)).id
})

const warning = (message: string, name = 'borg.archiver') =>
  JSON.stringify({ type: 'log_message', time: 1795468021.7, message, levelname: 'WARNING', name })
const status = (letter: string, path: string) => JSON.stringify({ type: 'file_status', status: letter, path })

const backupWith = async (sources: readonly string[], lines: readonly string[]) => {
  writeFileSync(said, `${lines.join('\n')}\n`)
  return jobEnd(api, await startBackup(api, repositoryId, sources))
}

const problemsOf = (job: JobAnswer) => job.tasks[0]?.fileProblems.edges.map(({ node }) => node)

describe('a source that borg says it has left out', () => {
  test.each([
    ['file inode changed (race condition), skipping file', 'file inode changed (race condition), skipping file'],
    ["extended stat (xattrs): [Errno 13] Permission denied: '<FD 6>'", 'Permission denied'],
    ['left out for a reason: of a version to come', 'left out for a reason: of a version to come'],
  ])('fails the backup, and its archive is marked: %s', async (message, reason) => {
    const source = smallSource()
    const job = await backupWith([source], [warning(`${source}: ${message}`), status('E', source)])
    const incompleteReason = `Sources left out: ${JSON.stringify(source)} (${reason}).`
    expect(job).toMatchObject({
      state: 'FAILED',
      problem: expect.stringContaining(incompleteReason),
      archive: { incompleteReason },
      tasks: [{ state: 'FAILED', fileProblemCount: 1 }, { state: 'COMPLETED' }],
    })
    expect(problemsOf(job)).toEqual([{ path: source, message }])
  })

  test.skipIf(!hasFuse)('for an inode that changes, as the real borg says it', async () => {
    const source = await changingFolder()
    const job = await jobEnd(api, await startBackup(api, repositoryId, [source, smallSource()]))
    const incompleteReason = expect.stringMatching(`^Sources left out: "${source}" \\(file .*inode changed`)
    expect(job).toMatchObject({ state: 'FAILED', archive: { incompleteReason, fileCount: 3 } })
    expect(problemsOf(job)).toEqual([{ path: source, message: expect.stringMatching(/^file .*inode changed/) }])
  })
})

describe('what else borg warns of', () => {
  test('is a problem of the file, whatever it says of it, and the backup completes with warnings', async () => {
    const source = smallSource()
    const file = join(source, 'a: file')
    const message = 'left out for a reason: of a version to come'
    const job = await backupWith([source], [warning(`${file}: ${message}`), status('E', file)])
    expect(job).toMatchObject({
      state: 'COMPLETED_WITH_WARNINGS',
      problem: '1 file was not backed up as a whole.',
      archive: { incompleteReason: null },
    })
    expect(problemsOf(job)).toEqual([{ path: file, message }])
  })

  test('is told where it is no file', async () => {
    const source = smallSource()
    const job = await backupWith([source], [warning('Something is odd.\nVery odd', 'borg.cache')])
    const problem = 'Borg warned: Something is odd. Very odd.'
    expect(job).toMatchObject({
      state: 'COMPLETED_WITH_WARNINGS',
      problem,
      tasks: [{ state: 'COMPLETED_WITH_WARNINGS', problem, fileProblemCount: 0 }, {}],
    })
  })

  test('is told where a source is left out of which it may be', async () => {
    const source = join(smallSource(), 'a file')
    writeFileSync(source, 'a file')
    const second = `${source} again`
    linkSync(source, second)
    expect(await backupWith([source, second], [warning(`skipping '${second}'`)])).toMatchObject({
      state: 'FAILED',
      problem: expect.stringMatching(
        /^Sources left out: .* which is marked incomplete\. Borg warned: skipping '.* again'\.$/,
      ),
    })
  })

  test('is told in part where it is much, and all of it is in the output', async () => {
    const lines = Array.from({ length: 50 }, (_, index) => warning(`Odd thing ${index}.`, 'borg.cache'))
    const job = await backupWith([smallSource()], lines)
    expect(job.problem).toBe('Borg warned: Odd thing 0. Odd thing 1. Odd thing 2. Its output has all warnings.')
    expect(await readLines(api, job.tasks[0]?.id ?? '')).toContain('WARNING: Odd thing 49.')
  })

  test('is told as it stands where it has no form, and missed where there is nothing', async () => {
    expect((await backupWith([smallSource()], ['borg: something odd'])).problem).toBe(
      'Borg warned: borg: something odd.',
    )
    expect(await backupWith([smallSource()], [])).toMatchObject({
      state: 'COMPLETED_WITH_WARNINGS',
      problem: 'Borg ended with warnings, and did not say which.',
    })
  })
})

describe('a borg that', () => {
  const whenBroken = async (script: string, start: () => ReturnType<typeof startRefresh>) => {
    writeFileSync(broken, script)
    try {
      return await jobEnd(api, await start())
    } finally {
      writeFileSync(broken, '')
    }
  }

  test('Python cannot load fails what it was for, though it ends with the status of a warning', async () => {
    const traceback = `printf 'Traceback (most recent call last):\\n  File "/usr/bin/borg", line 5\\nImportError: no module\\n' >&2; exit 1`
    expect(await whenBroken(traceback, () => startBackup(api, repositoryId, [smallSource()]))).toMatchObject({
      state: 'FAILED',
      problem: 'Borg broke off: ImportError: no module. Nothing was changed.',
      archive: null,
    })
  })

  test('says of no archive that it has made it has made none', async () => {
    const start = () => startBackup(api, repositoryId, [smallSource()])
    const problem =
      'Borg ended with status 0, but did not say which archive it has made. Archives made before are whole.'
    expect(await whenBroken('exit 0', start)).toMatchObject({ state: 'FAILED', problem, archive: null })
  })
})

test('a hundred thousand files that cannot be read are counted, listed in part, and do not keep the server', async () => {
  const source = smallSource()
  const lines = Array.from({ length: 100_000 }, (_, index) => {
    const path = `${source}/${index}`
    return `${warning(`${path}: open: [Errno 13] Permission denied: '${index}'`)}\n${status('E', path)}`
  })
  const end = backupWith([source], lines)
  let isOver = false
  void end.finally(() => {
    isOver = true
  })
  let longest = 0
  while (!isOver) {
    const asked = performance.now()
    await api.query('{ __typename }')
    longest = Math.max(longest, performance.now() - asked)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const job = await end
  expect(job).toMatchObject({
    state: 'COMPLETED_WITH_WARNINGS',
    problem: '100000 files were not backed up as a whole. The first 10000 are listed; the output has them all.',
    tasks: [{ fileProblemCount: 100_000 }, {}],
  })
  const { node } = await api.query<{ node: { fileProblems: { totalCount: number } } }>(
    'query ($id: ID!) { node(id: $id) { ... on Task { fileProblems { totalCount } } } }',
    { id: job.tasks[0]?.id ?? '' },
  )
  expect(node.fileProblems.totalCount).toBe(10_000)
  expect(longest).toBeLessThan(2000)
})
