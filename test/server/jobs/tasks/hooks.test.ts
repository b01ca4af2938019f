import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ApiClient } from '../../../support/api-client.ts'
import { cleanUpAfter } from '../../../support/cleanup.ts'
import { cancelJob, type JobAnswer, jobEnd, jobWhere, readyRepository, type Started } from '../../../support/jobs.ts'
import { poll } from '../../../support/poll.ts'
import { isRunning, processesWith } from '../../../support/processes.ts'
import { startServer, type TestServer } from '../../../support/server.ts'
import { smallSource } from '../../../support/sources.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { createPlan } from '../../plans/plans.ts'

let server: TestServer
let api: ApiClient
let repository: { id: string; location: string }

beforeAll(async () => {
  server = await startServer()
  api = await server.setUp()
  repository = await readyRepository(api)
})

type Input = Readonly<Record<string, unknown>>

let planCount = 0

/** Begins a backup by a new plan with these hooks; each that says nothing else runs before the backup. */
const begin = async (hooks: readonly Input[], { sources = [smallSource()] }: { sources?: readonly string[] } = {}) => {
  planCount += 1
  const plan = await createPlan(api, {
    name: `plan ${planCount}`,
    repositoryId: repository.id,
    settings: { sources },
    hooks: hooks.map((hook, index) => ({ name: `hook ${index}`, moment: 'BEFORE', ...hook })),
  })
  expect(plan).toMatchObject({ __typename: 'BackupPlan' })
  const { startBackup } = await api.query<{ startBackup: Started }>(
    'mutation ($id: ID!) { startBackup(input: {planId: $id}) { __typename ... on Job { id } ... on Problem { message } } }',
    { id: plan.id },
  )
  return startBackup
}

const run = async (...hooks: readonly Input[]): Promise<JobAnswer> => jobEnd(api, await begin(hooks))

/** Each task as `kind state`. */
const course = ({ tasks }: JobAnswer) => tasks.map(({ kind, state }) => `${kind} ${state}`)

const linesOf = async ({ tasks }: JobAnswer, index = 0): Promise<string[]> => {
  const lines: string[] = []
  for (;;) {
    const { node } = await api.query<{ node: { output: { cursor: number; lines: string[] } } }>(
      'query ($id: ID!, $after: Int!) { node(id: $id) { ... on Task { output(first: 10000, after: $after) { cursor lines } } } }',
      { id: tasks[index]?.id, after: lines.length },
    )
    if (node.output.lines.length === 0) return lines
    lines.push(...node.output.lines)
  }
}

/** A file that a hook writes its process id to, and that id once it is there. */
const pidFile = () => {
  const path = join(temporaryFolder(), 'pid')
  const read = () => (existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0)
  return {
    path,
    async pid() {
      await poll('the hook has begun', () => read() > 0)
      cleanUpAfter(() => {
        if (isRunning(read())) process.kill(read(), 'SIGKILL')
      })
      return read()
    },
  }
}

describe('a hook', () => {
  test('runs before the backup, with both of its streams in order as its output', async () => {
    const folder = join(temporaryFolder(), 'source')
    mkdirSync(folder)
    const command = `echo one; echo two >&2; printf 'three\\r\\nfour'; echo made > ${folder}/file; printf ' and no end'`
    const job = await jobEnd(api, await begin([{ command }], { sources: [folder] }))
    expect(course(job)).toEqual(['HOOK COMPLETED', 'BACKUP COMPLETED', 'LIST COMPLETED'])
    expect(job.archive?.fileCount).toBe(1)
    expect(await linesOf(job)).toEqual(['one', 'two', 'three', 'four and no end'])
    expect(job.tasks[0]).toMatchObject({ exitCode: 0, problem: null })
    expect(job.tasks[0]?.commandLine).toMatch(/^\/bin\/sh -c 'echo one; /)
  })

  test('knows its job by environment only, and has its own variables there', async () => {
    const values = join(temporaryFolder(), 'values')
    const environment = [
      { name: 'TOKEN', value: 'canary of a hook' },
      { name: 'QUOTES', value: '"$(id)"\n`x`' },
    ]
    const job = await run(
      { command: `env -0 > ${values}; env | grep -v ^_= ; tr "\\0" " " < /proc/$$/cmdline`, environment },
      { command: 'printf "%s|" "$BORGITORY_ARCHIVE" "$BORGITORY_JOB_STATE"', moment: 'ON_SUCCESS' },
    )
    const lines = await linesOf(job)
    const variables = lines.filter((line) => line.startsWith('BORGITORY_')).map((line) => line.split('=')[0])
    expect(variables.sort()).toEqual(
      ['JOB_ID', 'JOB_KIND', 'JOB_STATE', 'PROBLEM', 'PLAN', 'REPOSITORY', 'REPOSITORY_LOCATION', 'ARCHIVE', 'SOURCES']
        .concat('SERVER', 'GROUP')
        .map((name) => `BORGITORY_${name}`)
        .sort(),
    )
    expect(lines).toContain(`BORGITORY_JOB_ID=${job.id}`)
    expect(lines).toContain(`BORGITORY_PLAN=plan ${planCount}`)
    expect(lines).toContain(`BORGITORY_REPOSITORY_LOCATION=${repository.location}`)
    expect(lines).toContain('BORGITORY_ARCHIVE=')
    const given = ['TOKEN=canary of a hook', 'QUOTES="$(id)"\n`x`']
    expect(readFileSync(values, 'utf8').split('\0')).toEqual(expect.arrayContaining(given))
    expect(lines.at(-1)).not.toContain('canary')
    expect(job.tasks[0]?.commandLine).not.toContain('canary')
    expect(await linesOf(job, 3)).toEqual([`${job.archive?.name}|COMPLETED|`])
  })

  test('and the policies of its plan go along with a run of a schedule', async () => {
    const plan = await createPlan(api, {
      name: 'scheduled',
      repositoryId: repository.id,
      settings: { sources: [smallSource()] },
      priority: 'HIGH',
      retries: 2,
      hooks: [{ name: 'hook', moment: 'BEFORE', command: 'echo by the schedule' }],
    })
    const { createSchedule } = await api.query<{ createSchedule: { id: string } }>(
      'mutation ($input: CreateScheduleInput!) { createSchedule(input: $input) { ... on Schedule { id } } }',
      { input: { name: 'daily', action: 'BACKUP', planId: plan.id, cron: '@daily', timeZone: 'UTC' } },
    )
    const { startSchedule } = await api.query<{ startSchedule: Started & Input }>(
      `mutation ($id: ID!) { startSchedule(input: {id: $id}) {
        __typename ... on Job { id priority tasks { kind retries } }
      } }`,
      { id: createSchedule.id },
    )
    expect(startSchedule).toMatchObject({
      priority: 'HIGH',
      tasks: [
        { kind: 'HOOK', retries: 0 },
        { kind: 'BACKUP', retries: 2 },
        { kind: 'LIST', retries: 0 },
      ],
    })
    expect(await linesOf(await jobEnd(api, startSchedule))).toEqual(['by the schedule'])
  })

  test('is told the archive of the last try, and before the backup that its job runs', async () => {
    const source = join(temporaryFolder(), 'comes late')
    const { path, pid } = pidFile()
    const plan = await createPlan(api, {
      name: 'late',
      repositoryId: repository.id,
      settings: { sources: [source] },
      retries: 1,
      retryDelay: 3,
      hooks: [
        { name: 'before', moment: 'BEFORE', command: `echo "$BORGITORY_JOB_STATE"; echo $$ > ${path}` },
        { name: 'after', moment: 'ON_SUCCESS', command: 'echo "$BORGITORY_ARCHIVE"' },
      ],
    })
    const { startBackup } = await api.query<{ startBackup: Started }>(
      'mutation ($id: ID!) { startBackup(input: {planId: $id}) { __typename ... on Job { id } ... on Problem { message } } }',
      { id: plan.id },
    )
    await pid()
    await jobWhere(api, startBackup, ({ tasks }) => tasks[1]?.state === 'QUEUED')
    mkdirSync(source)
    const job = await jobEnd(api, startBackup)
    expect(course(job)).toEqual(['HOOK COMPLETED', 'BACKUP COMPLETED', 'LIST COMPLETED', 'HOOK COMPLETED'])
    expect(job.archive).toMatchObject({ incompleteReason: null })
    expect(await linesOf(job)).toEqual(['RUNNING'])
    expect(await linesOf(job, 3)).toEqual([job.archive?.name])
  })

  test('that fails before the backup keeps it from beginning, and calls what is to run then', async () => {
    const say = 'echo "$BORGITORY_JOB_STATE: $BORGITORY_PROBLEM"'
    const job = await run(
      { command: 'exit 3' },
      { command: 'echo not reached' },
      { command: 'echo never', moment: 'ON_SUCCESS' },
      { command: 'echo never', moment: 'ON_WARNING' },
      { command: say, moment: 'ON_FAILURE' },
      { command: say, moment: 'ALWAYS' },
    )
    expect(job).toMatchObject({ state: 'FAILED', archive: null })
    expect(course(job)).toEqual([
      'HOOK FAILED',
      'HOOK SKIPPED',
      'BACKUP SKIPPED',
      'LIST SKIPPED',
      'HOOK SKIPPED',
      'HOOK SKIPPED',
      'HOOK COMPLETED',
      'HOOK COMPLETED',
    ])
    expect(job.tasks[0]).toMatchObject({ exitCode: 3, problem: 'The hook “hook 0” ended with status 3.' })
    for (const index of [6, 7])
      expect(await linesOf(job, index)).toEqual(['FAILED: The hook “hook 0” ended with status 3.'])
  })

  test('whose failure stops nothing is a warning, and calls what runs after warnings', async () => {
    const job = await run(
      { command: 'kill -9 $$', stopsOnFailure: false },
      { command: 'echo never', moment: 'ON_SUCCESS' },
      { command: 'echo "$BORGITORY_JOB_STATE"', moment: 'ON_WARNING' },
      { command: 'echo never', moment: 'ON_FAILURE' },
    )
    expect(job.state).toBe('COMPLETED_WITH_WARNINGS')
    expect(job.tasks[0]?.problem).toBe('The hook “hook 0” was ended by SIGKILL.')
    expect(course(job).slice(1)).toEqual([
      'BACKUP COMPLETED',
      'LIST COMPLETED',
      'HOOK SKIPPED',
      'HOOK COMPLETED',
      'HOOK SKIPPED',
    ])
    expect(await linesOf(job, 4)).toEqual(['COMPLETED_WITH_WARNINGS'])
  })

  test('after the backup fails the job where it is told to, and is a warning otherwise', async () => {
    const hook = { command: 'exit 1', moment: 'ON_SUCCESS' }
    expect(await run(hook)).toMatchObject({ state: 'COMPLETED_WITH_WARNINGS' })
    expect(await run({ ...hook, stopsOnFailure: true })).toMatchObject({ state: 'FAILED' })
  })

  test('that always runs does so when the job is cancelled, also while another hook is at work', async () => {
    const { path, pid } = pidFile()
    const started = await begin([
      { command: `echo $$ > ${path}; exec sleep 1000` },
      { command: 'echo "$BORGITORY_JOB_STATE"', moment: 'ALWAYS' },
    ])
    const hook = await pid()
    await cancelJob(api, started.id)
    const job = await jobEnd(api, started)
    expect(job.state).toBe('CANCELLED')
    expect(course(job)).toEqual(['HOOK CANCELLED', 'BACKUP SKIPPED', 'LIST SKIPPED', 'HOOK COMPLETED'])
    expect(await linesOf(job, 3)).toEqual(['CANCELLED'])
    expect(isRunning(hook)).toBe(false)
  })

  test('that hangs is ended after its time', async () => {
    const { path, pid } = pidFile()
    const job = await run({ command: `echo $$ > ${path}; sleep 1000; echo survived`, timeLimit: 1 })
    expect(job.tasks[0]).toMatchObject({ state: 'FAILED', problem: expect.stringContaining('1 second') })
    expect(await linesOf(job)).toEqual([])
    expect(isRunning(await pid())).toBe(false)
  })

  test('that heeds no signal is killed with all that it has started', async () => {
    const { path, pid } = pidFile()
    const command = `trap "" INT TERM; sleep 1000 & echo $! > ${path}; while :; do sleep 1; done`
    const job = await run({ command, timeLimit: 1 })
    expect(job.tasks[0]).toMatchObject({ state: 'FAILED', exitCode: null })
    expect(isRunning(await pid())).toBe(false)
  })

  test('that says that all is well when it is stopped has failed all the same', async () => {
    const job = await run({ command: 'trap "exit 0" INT; sleep 1000 & wait', timeLimit: 1 })
    expect(job).toMatchObject({ state: 'FAILED' })
    expect(course(job)[0]).toBe('HOOK FAILED')
  })

  test('does not hold the job by what it leaves behind, which is ended unless it has a session of its own', async () => {
    const [child, daemon] = [pidFile(), pidFile()]
    const job = await run(
      { command: `sleep 1000 & echo $! > ${child.path}` },
      {
        command: `setsid sh -c 'echo $$ > ${daemon.path}; exec sleep 1000' & while [ ! -s ${daemon.path} ]; do :; done`,
      },
    )
    expect(job.state).toBe('COMPLETED')
    expect(isRunning(await child.pid())).toBe(false)
    expect(isRunning(await daemon.pid())).toBe(true)
  })

  test('may print anything: lines without end are cut, bytes that are no text are shown', async () => {
    const job = await run(
      { command: "printf 'caf\\303\\251 \\377\\303\\n'; head -c 1M /dev/urandom" },
      {
        command:
          "head -c 200000 /dev/zero | tr '\\0' x; printf '\\r'; head -c 70000 /dev/zero | tr '\\0' y; echo; echo z",
      },
    )
    expect(job.state).toBe('COMPLETED')
    expect((await linesOf(job))[0]).toBe('café \\xff\\xc3')
    const [last, ...pieces] = (await linesOf(job, 1)).reverse()
    expect(last).toBe('z')
    expect(
      pieces.reverse().map((line) => line.replace(/[xy]+/, ({ length, 0: letter }) => `${length} ${letter}`)),
    ).toEqual([
      '65536 x [the line goes on]',
      '65536 x [the line goes on]',
      '65536 x [the line goes on]',
      '3392 x',
      '65536 y [the line goes on]',
      '4464 y',
    ])
  })

  test('may print a lot: what is too much is counted and not kept, and it runs to its end', async () => {
    const job = await run({
      command: `yes ${'y'.repeat(99)} | head -c 100M; echo over > ${join(temporaryFolder(), 'file')}`,
    })
    expect(job.state).toBe('COMPLETED')
    const lines = await linesOf(job)
    const [last, ...kept] = lines.reverse()
    expect(last).toMatch(/^\[[\d,]+ bytes more were printed, which are not kept\]$/)
    const dropped = Number(last?.replace(/\D/g, ''))
    const keptBytes = kept.reduce((sum, line) => sum + line.length + 1, 0)
    expect(keptBytes).toBeGreaterThan(16 * 1024 * 1024 - 200)
    expect(keptBytes).toBeLessThanOrEqual(16 * 1024 * 1024)
    expect(Math.abs(keptBytes + dropped - 100 * 1024 * 1024)).toBeLessThan(200)
  })

  test('may print very many lines', async () => {
    const job = await run({ command: 'yes | head -c 100M' })
    expect(job.state).toBe('COMPLETED')
    expect(job.tasks[0]?.lineCount).toBe(8 * 1024 * 1024 + 1)
  })

  test('whose folder is gone cannot be started, and says so', async () => {
    const workingFolder = join(temporaryFolder(), 'gone')
    mkdirSync(workingFolder)
    const { path, pid } = pidFile()
    const started = await begin([
      { command: `echo $$ > ${path}; exec sleep 1000` },
      { command: 'pwd', workingFolder, moment: 'ALWAYS' },
    ])
    await pid()
    rmSync(workingFolder, { recursive: true })
    await cancelJob(api, started.id)
    const job = await jobEnd(api, started)
    expect(job.tasks[3]).toMatchObject({
      state: 'FAILED',
      problem: 'The hook “hook 1” could not be started: its working folder is gone.',
    })
  })

  test('works in its folder, or in an empty one of its own that is removed afterwards', async () => {
    const workingFolder = temporaryFolder()
    const command = 'pwd; ls -A; mkdir -p left/there; stat -c %a .'
    const job = await run({ command, workingFolder }, { command })
    const [given, own] = [await linesOf(job), await linesOf(job, 1)]
    expect(given[0]).toBe(workingFolder)
    expect(own).toEqual([expect.stringContaining(join(server.dataFolder, 'hooks/')), '700'])
    expect(existsSync(own[0] ?? '')).toBe(false)
    expect(existsSync(join(workingFolder, 'left/there'))).toBe(true)
  })

  test('keeps what it has mounted in its own folder, and says that it did', async () => {
    const elsewhere = smallSource()
    const command = `mkdir m; mount --bind ${elsewhere} m; pwd`
    const job = await run({ command })
    const [folder = '', ...rest] = await linesOf(job)
    cleanUpAfter(() => void execFileSync('umount', ['--lazy', join(folder, 'm')]))
    expect(rest).toEqual([`The hook’s own folder ${folder} could not be removed: something is mounted in it.`])
    expect(existsSync(join(elsewhere, 'file-0'))).toBe(true)
  })

  test('prints the values of its variables nowhere, however it does so', async () => {
    const environment = [
      { name: 'TOKEN', value: 'canary-1 it’s "quoted" $HOME' },
      { name: 'QUOTE', value: "canary-2 isn't" },
      { name: 'KEY', value: 'canary-3 begin\n  canary-3 middle\ncanary-3 end\n' },
      { name: 'SHORT', value: 'yes' },
    ]
    const command = `
      set -x; : "$TOKEN" "$QUOTE" "$KEY"; set +x
      bash -xc ': "$TOKEN" "$QUOTE" "$KEY"'
      env | grep -v ^PWD
      echo "$KEY" | while read line; do echo "<$line>"; done
      printf %s "\${TOKEN%quoted*}"; sleep 0.1; printf '%s\\n' "quoted\${TOKEN#*quoted}"; echo "$SHORT"
      exit 1`
    const job = await run({ command, environment })
    expect(job).toMatchObject({ state: 'FAILED', problem: 'The hook “hook 0” ended with status 1.' })
    const lines = await linesOf(job)
    expect(lines.join('\n')).not.toContain('canary')
    expect(lines).toEqual(expect.arrayContaining(['TOKEN=[secret]', 'QUOTE=[secret]', '<[secret]>', '[secret]', 'yes']))
    for (const name of ['borgitory.sqlite', 'borgitory.sqlite-wal']) {
      expect(readFileSync(join(server.dataFolder, name)).includes('canary-')).toBe(false)
    }
  })

  test('starts also where the sources are too many for one variable', async () => {
    const folder = temporaryFolder()
    const sources = Array.from({ length: 40 }, (_, index) => `${folder}/${`${'long'.repeat(60)}/`.repeat(15)}${index}`)
    const job = await jobEnd(api, await begin([{ command: 'printf %s "$BORGITORY_SOURCES" | head -n 1' }], { sources }))
    expect(course(job)[0]).toBe('HOOK COMPLETED')
    expect(await linesOf(job)).toEqual([sources[0]])
  })

  test('leaves its secrets nowhere in the records in plain text, and on no command line', async () => {
    const { path, pid } = pidFile()
    const environment = [{ name: 'TOKEN', value: 'canary that is sealed' }]
    const started = await begin([{ command: `echo $$ > ${path}; exec sleep 1000`, environment }])
    await jobWhere(api, started, ({ tasks }) => tasks[0]?.state === 'RUNNING')
    const hook = await pid()
    const seen = processesWith('canary that is sealed').filter((process) => process.pid !== globalThis.process.pid)
    expect(seen.map((process) => process.pid)).toContain(hook)
    for (const { commandLine } of seen) expect(commandLine).not.toContain('canary')
    await cancelJob(api, started.id)
    await jobEnd(api, started)
    expect(server.output()).not.toContain('canary that is sealed')
    for (const name of ['borgitory.sqlite', 'borgitory.sqlite-wal']) {
      expect(readFileSync(join(server.dataFolder, name)).includes('canary that is sealed')).toBe(false)
    }
  })
})
