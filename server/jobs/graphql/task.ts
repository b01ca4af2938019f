import type { Task } from '../../../prisma/generated/client/client.ts'
import { RunState, TaskKind } from '../../../prisma/generated/client/enums.ts'
import { builder } from '../../schema/builder.ts'
import { connectionOf } from '../../schema/connections.ts'
import { apiError } from '../../schema/errors.ts'
import { assertExists } from '../../schema/live.ts'
import { pagesOf } from '../../schema/pages.ts'
import { followOutput, type OutputPage } from '../output/output.ts'
import { readOutput } from '../output/page.ts'
import { percentDone, secondsLeft } from '../records/estimate.ts'
import { taskKinds } from '../tasks/index.ts'

builder.enumType(TaskKind, { name: 'TaskKind', description: 'What a task does.', values: taskKinds })

/** For a nullable field that names files: not for those who may only look. */
const forThoseWhoAct = { authScopes: { acting: true }, unauthorizedResolver: () => null } as const

const taskProgress = builder.prismaObject('Task', {
  variant: 'TaskProgress',
  select: { id: true },
  description: 'How far a task is; its last figures when it has ended.',
  fields: (t) => ({
    currentPath: t.exposeString('currentPath', {
      nullable: true,
      ...forThoseWhoAct,
      description: 'The file that is being read now; null for viewers.',
    }),
    fileCount: t.exposeInt('fileCount', { nullable: true, description: 'Files so far.' }),
    compressedSize: t.expose('compressedSize', {
      type: 'ByteCount',
      nullable: true,
      description: 'Bytes after compression so far.',
    }),
    deduplicatedSize: t.expose('deduplicatedSize', {
      type: 'ByteCount',
      nullable: true,
      description: 'Bytes new to the repository so far.',
    }),
    message: t.exposeString('message', { nullable: true, description: 'What borg says that it is doing now.' }),
    originalSize: t.expose('originalSize', { type: 'ByteCount', nullable: true, description: 'Bytes read so far.' }),
    expectedOriginalSize: t.expose('expectedOriginalSize', {
      type: 'ByteCount',
      nullable: true,
      description:
        'What `originalSize` is expected to become, from the last archive of the same folders; null without one.',
    }),
    bytesPerSecond: t.expose('bytesPerSecond', {
      type: 'ByteCount',
      nullable: true,
      description: 'Bytes read in a second, over the last seconds.',
    }),
    percent: t.float({
      nullable: true,
      description:
        '0 to 100, as borg says or estimated from the last archive of the same folders; null where neither is known.',
      select: { percent: true, originalSize: true, expectedOriginalSize: true, finishedAt: true },
      resolve: percentDone,
    }),
    secondsLeft: t.int({
      nullable: true,
      description: 'Seconds until the end, estimated from the last archive of the same folders; null without one.',
      select: { originalSize: true, expectedOriginalSize: true, bytesPerSecond: true, finishedAt: true },
      resolve: secondsLeft,
    }),
  }),
})

const taskOutput = builder.objectRef<OutputPage>('TaskOutput').implement({
  description: 'Consecutive lines that a task printed.',
  fields: (t) => ({
    cursor: t.exposeInt('cursor', {
      description: 'Number of lines up to and including the last of `lines`: the `after` that continues here.',
    }),
    lines: t.stringList({ description: 'The lines, oldest first.', resolve: ({ lines }) => [...lines] }),
  }),
})

const fileProblemType = builder.prismaNode('FileProblem', {
  nullable: true,
  id: { field: 'id' },
  // For others there is none.
  findUnique: (id, { viewer }) => ({ id: viewer?.mayAct ? id : '' }),
  authScopes: { acting: true },
  description: 'One file that a task could not handle. Viewers see none.',
  fields: (t) => ({
    path: t.exposeString('path', { nullable: true }),
    message: t.exposeString('message', {
      description: 'What was wrong with it, in the words of borg or of the system.',
    }),
  }),
})

/** Lines of output that are read as quickly as one row. */
const linesPerRow = 50

/** For a nullable field of what a task runs or prints, which names files: not for those who may only look. */
export const forThoseWhoMay = {
  authScopes: ({ kind }: Pick<Task, 'kind'>) =>
    taskKinds[kind].isRestricted ? { administrator: true } : { acting: true },
  unauthorizedResolver: () => null,
}

builder.prismaNode('Task', {
  nullable: true,
  id: { field: 'id' },
  select: { id: true },
  description: 'One step of a job.',
  fields: (t) => ({
    kind: t.expose('kind', { type: TaskKind, description: 'What it does.' }),
    repositoryName: t.string({
      nullable: true,
      description: 'The name of the repository that it is for, when the job was made; null where it is for none.',
      select: { repositoryName: true, job: { select: { repositoryName: true } } },
      resolve: ({ repositoryName, job }) => repositoryName ?? job.repositoryName,
    }),
    state: t.expose('state', { type: RunState, description: 'Where it stands.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When it began.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    fileProblemCount: t.exposeInt('fileProblemCount', { description: 'Number of files that it could not handle.' }),
    problem: t.exposeString('problem', {
      nullable: true,
      description: 'Why the task did not do what it was for, or was not begun, in plain words.',
    }),
    exitCode: t.exposeInt('exitCode', {
      nullable: true,
      description: 'The status that the program ended with; null where it has not, or a signal ended it.',
    }),
    lineCount: t.exposeInt('lineCount', {
      description:
        'Number of lines of its output that are stored: while it runs, those of the last second may not be counted yet.',
    }),
    commandLine: t.string({
      select: { kind: true, commandLine: true },
      resolve: ({ commandLine }) => commandLine,
      nullable: true,
      ...forThoseWhoMay,
      description:
        'The program and its arguments as they were started; secrets never are among them. Null for viewers; that of a hook for all but administrators.',
    }),
    progress: t.variant(taskProgress, { description: 'How far it is.' }),
    fileProblems: t.prismaConnection(
      {
        ...pagesOf('FileProblem', ({ id }: { id: string }) => ({
          where: { taskId: id },
          orderBy: { position: 'asc' },
        })),
        nullable: true,
        ...forThoseWhoAct,
        description:
          'The files that it could not handle, in the order of their finding: the first 10,000. `fileProblemCount` counts all. Null for viewers.',
      },
      ...connectionOf('FileProblem', fileProblemType),
    ),
    output: t.field({
      type: taskOutput,
      nullable: true,
      select: { id: true, kind: true },
      ...forThoseWhoMay,
      complexity: ({ first }) => Math.ceil(Math.max(0, first) / linesPerRow) + 1,
      description:
        'Lines that it printed. Null for viewers, since they name files; those of a hook for all but administrators.',
      args: {
        after: t.arg.int({ required: true, defaultValue: 0, description: 'Number of lines to pass over.' }),
        first: t.arg.int({ required: true, defaultValue: 1000, description: 'How many lines at most, up to 10,000.' }),
      },
      resolve: ({ id }, { after, first }, { jobs }) => readOutput(jobs.outputs, id, { after, first }),
    }),
  }),
})

builder.subscriptionField('taskOutput', (t) =>
  t.field({
    type: taskOutput,
    description:
      'Every line that a task prints, without a gap: first what is there after `after`, then what comes. Ends when the task has ended. Viewers may not watch it, and only administrators a hook.',
    args: {
      taskId: t.arg.globalID({ required: true, description: 'The task.' }),
      after: t.arg.int({
        required: true,
        defaultValue: 0,
        description: 'Number of lines to pass over: the last `cursor` that was received.',
      }),
    },
    subscribe: async (_root, { taskId, after }, { db, events, jobs, viewer }) => {
      const task = await db.task.findUnique({ where: { id: taskId.id }, select: { kind: true } })
      assertExists(task, 'task')
      const maySee = task !== null && taskKinds[task.kind].isRestricted ? viewer?.mayAdminister : viewer?.mayAct
      if (!maySee) throw apiError('FORBIDDEN', 'You may not see what this task prints.')
      return followOutput({ db, events, outputs: jobs.outputs }, taskId.id, Math.max(0, after))
    },
    resolve: (page) => page as OutputPage,
  }),
)
