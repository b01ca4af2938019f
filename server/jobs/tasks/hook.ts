import type { Hook, Prisma, Task } from '../../../prisma/generated/client/client.ts'
import { isFolder } from '../../folders/is-folder.ts'
import { backupSettings } from '../../plans/backup-settings.ts'
import { type HookSettings, hookPurpose, hookSettings } from '../../plans/hook-settings.ts'
import { type Command, commandLine } from '../../process/command.ts'
import { groupMark } from '../../process/orphans.ts'
import { type Exit, run } from '../../process/run.ts'
import { createMasking } from '../../secrets/masking.ts'
import { type SecretVariables, unpackVariables } from '../../secrets/variables.ts'
import type { TaskContext, TaskResult } from '../records/kind-definition.ts'
import { madeArchive } from '../records/made-archive.ts'
import { repositoryOf } from '../records/task-repositories.ts'
import { defineTask } from './define.ts'
import { makeHookFolder, removeHookFolder } from './hook-folders.ts'
import { createHookOutput } from './hook-output.ts'
import { completed } from './result.ts'

/** Milliseconds that a hook has after SIGINT to put things in order. */
const killAfter = 10_000

/** Characters of one variable about the job: Linux starts no program with one of more than 128 KiB. */
const longestValue = 30_000

const shortened = (text: string): string => {
  const clean = text.replaceAll('\0', '')
  return clean.length <= longestValue ? clean : `${clean.slice(0, longestValue).toWellFormed()}…`
}

/** What a hook is told of its job. */
const jobVariables = async (
  { app: { db }, job, task, soFar }: TaskContext,
  moment: Hook['moment'],
): Promise<Record<string, string>> => {
  const plan = await db.backupPlan.findUnique({ where: { id: job.planId ?? '' }, select: { name: true } })
  const repository = await db.repository.findUnique({
    where: { id: repositoryOf(job, task) ?? '' },
    select: { name: true, location: true },
  })
  const archive = await db.archive.findFirst({ ...madeArchive(job.id), select: { name: true } })
  const variables = {
    // The id that the API knows it by.
    BORGITORY_JOB_ID: btoa(`Job:${job.id}`),
    BORGITORY_JOB_KIND: job.kind,
    BORGITORY_JOB_STATE: moment === 'BEFORE' ? 'RUNNING' : soFar.state,
    BORGITORY_PROBLEM: soFar.problem ?? '',
    BORGITORY_PLAN: plan?.name ?? '',
    BORGITORY_REPOSITORY: repository?.name ?? job.repositoryName ?? '',
    BORGITORY_REPOSITORY_LOCATION: repository?.location ?? '',
    BORGITORY_ARCHIVE: archive?.name ?? '',
    BORGITORY_SOURCES: backupSettings.parse(job.settings).sources.join('\n'),
  }
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, shortened(value)]))
}

interface Shell {
  readonly command: string
  readonly workingFolder: string
  readonly environment: Readonly<Record<string, string>>
  readonly secretEnvironment: SecretVariables
}

/**
 * A shell within a shell: the outer one gives both streams the same pipe, so that their lines stay in order, and notes the
 * process group that both are in.
 */
const shell = ({ command, ...rest }: Shell): Command<string> => ({
  ...rest,
  program: '/bin/sh',
  args: ['-c', `export ${groupMark}=$$; exec /bin/sh -c "$1" 2>&1`, 'sh', command],
  parse: (line) => line,
})

/** Why a hook failed, as the end of a sentence; null where it did not. */
const failureOf = async ({ startFailure, exitCode, signal }: Exit, workingFolder: string): Promise<string | null> => {
  if (startFailure !== null) {
    const why = (await isFolder(workingFolder)) ? 'the system refused it' : 'its working folder is gone'
    return `could not be started: ${why}`
  }
  if (signal !== null) return `was ended by ${signal}`
  if (exitCode === null) return 'could not be ended'
  return exitCode === 0 ? null : `ended with status ${exitCode}`
}

/** Whether the list of archives is worth reading where this hook failed: not where it kept the backup from beginning. */
const leavesRepositoryOpen = ({ task, signal }: TaskContext, moment: Hook['moment']) =>
  moment !== 'BEFORE' || (task.onFailure === 'CONTINUE' && !signal.aborted)

/** Has something run in a folder of its own, of which nothing is left afterwards. */
const inFolderOfItsOwn = async (
  { app, task, journal }: TaskContext,
  work: (folder: string) => Promise<TaskResult>,
): Promise<TaskResult> => {
  const folder = await makeHookFolder(app.config.dataFolder, task.id)
  try {
    return await work(folder)
  } finally {
    const why = await removeHookFolder(folder)
    if (why !== null) await journal.output([`The hook’s own folder ${folder} could not be removed: ${why}.`])
  }
}

/**
 * Runs a shell command of the plan's; what it prints, in whatever way, is the task's output, but for the values of its
 * own variables.
 */
const runHook = (context: TaskContext): Promise<TaskResult> => {
  const settings = hookSettings.parse(context.task.settings)
  const { workingFolder } = settings
  return workingFolder === null
    ? inFolderOfItsOwn(context, (folder) => runIn(folder, settings, context))
    : runIn(workingFolder, settings, context)
}

const runIn = async (
  workingFolder: string,
  { name, moment, command, environmentSealed, hookId }: HookSettings,
  context: TaskContext,
): Promise<TaskResult> => {
  const { app, task, journal, persist, signal, environment } = context
  const secretEnvironment =
    environmentSealed === null ? {} : unpackVariables(app.vault.open(environmentSealed, hookPurpose(hookId)))
  const masking = createMasking(Object.values(secretEnvironment))
  const hook = shell({ command, workingFolder, environment: await jobVariables(context, moment), secretEnvironment })
  const note = (data: Prisma.TaskUncheckedUpdateInput) =>
    persist(() => app.db.task.update({ where: { id: task.id }, data, select: { id: true } }))
  await note({ commandLine: masking.text(commandLine({ program: '/bin/sh', args: ['-c', command] })) })
  const output = createHookOutput()
  for await (const event of run(hook, { signal, environment, killAfter })) {
    if (event.type === 'output') await journal.output(output.push(masking.push(event.data)))
    // Nothing but what the outer shell itself has to say.
    else if (event.type === 'events') await journal.output(event.events.map(masking.text))
    else {
      await journal.output([...output.push(masking.end()), ...output.end()])
      await note({ exitCode: event.exitCode })
      const failure = await failureOf(event, workingFolder)
      // A hook that is stopped did not do what it was for, even where it says so.
      if (failure === null && !signal.aborted) return completed
      return {
        state: 'FAILED',
        problem: `The hook “${name}” ${failure ?? 'was stopped'}.`,
        isRepositoryOpened: leavesRepositoryOpen(context, moment),
        leftRunning: event.leftRunning,
      }
    }
  }
  throw new Error('a program ended without an exit event')
}

const settingsOf = ({ settings }: Pick<Task, 'settings'>) => hookSettings.safeParse(settings).data

/** Whether it prepares something, or puts it back in order. */
const isOwed = (moment: Hook['moment']) => moment === 'BEFORE' || moment === 'ALWAYS'

export const hook = defineTask({
  description: 'A shell command of the plan’s.',
  effects: 'ELSEWHERE',
  isRestricted: true,
  isRepeated: (task) => settingsOf(task)?.moment === 'BEFORE',
  missed: (task) => {
    const settings = settingsOf(task)
    return settings && isOwed(settings.moment) ? `The hook “${settings.name}”` : null
  },
  run: runHook,
})
