import { GraphQLError } from 'graphql'
import type { Task } from '../../prisma/generated/client/client.ts'
import { HookMoment } from '../../prisma/generated/client/enums.ts'
import { builder } from '../schema/builder.ts'
import { SealedDamaged, SealedWithOtherKey } from '../secrets/vault.ts'
import { type HookSettings, hookSettings } from './hook-settings.ts'
import { environmentNames } from './hooks.ts'

builder.enumType(HookMoment, {
  name: 'HookMoment',
  description: 'When a hook runs.',
  values: {
    BEFORE: { description: 'Before the backup.' },
    ON_SUCCESS: { description: 'After everything before it was done.' },
    ON_WARNING: { description: 'After a backup that could not take everything along.' },
    ON_FAILURE: { description: 'After a failure.' },
    ALWAYS: {
      description: 'In the end, however the job went; a job that is cancelled or interrupted runs it too.',
    },
  },
})

const hookOf = ({ settings }: Pick<Task, 'settings'>): HookSettings | null =>
  hookSettings.safeParse(settings).data ?? null

builder.prismaObjectFields('Task', (t) => ({
  hookName: t.string({
    nullable: true,
    description: 'The name of the hook that a HOOK task runs; null for other kinds.',
    select: { settings: true },
    resolve: (task) => hookOf(task)?.name ?? null,
  }),
  hookMoment: t.field({
    type: HookMoment,
    nullable: true,
    description: 'When the hook runs; null for other kinds.',
    select: { settings: true },
    resolve: (task) => hookOf(task)?.moment ?? null,
  }),
  hookCommand: t.string({
    nullable: true,
    authScopes: { administrator: true },
    description: 'What the hook gives to the shell; null for other kinds. Only administrators see it.',
    select: { settings: true },
    resolve: (task) => hookOf(task)?.command ?? null,
  }),
}))

builder.prismaNode('Hook', {
  nullable: true,
  id: { field: 'id' },
  authScopes: { administrator: true },
  description: 'A shell command that a plan runs before or after its backups. Only administrators see it.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Unique among the hooks of its plan.' }),
    moment: t.expose('moment', { type: HookMoment, description: 'When it runs.' }),
    command: t.exposeString('command', { description: 'What `/bin/sh -c` is given.' }),
    workingFolder: t.exposeString('workingFolder', {
      nullable: true,
      description: 'The folder that it starts in; null for an empty folder of its own, which is removed afterwards.',
    }),
    timeLimit: t.exposeInt('timeLimit', { description: 'Seconds after which it is ended, with all that it started.' }),
    stopsOnFailure: t.exposeBoolean('stopsOnFailure', {
      description: 'Whether its failure fails the job, and before the backup stops it; otherwise it is a warning.',
    }),
    environmentNames: t.stringList({
      // Opens what is sealed.
      complexity: 5,
      description: 'The names of the variables that it gets besides those about the job. Their values are never told.',
      resolve: (hook, _args, context) => {
        try {
          return environmentNames(context, hook)
        } catch (error) {
          if (error instanceof SealedWithOtherKey || error instanceof SealedDamaged) {
            throw new GraphQLError(error.message, { extensions: { code: 'SEALED' } })
          }
          throw error
        }
      },
    }),
  }),
})

builder.prismaObjectField('BackupPlan', 'hooks', (t) =>
  t.relation('hooks', {
    authScopes: { administrator: true },
    description: 'What it runs before and after its backups, in order. Only administrators see it.',
    query: { orderBy: { position: 'asc' } },
  }),
)

const hookVariableInput = builder.inputType('HookVariableInput', {
  description: 'One variable of a hook’s environment.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: 'Letters, digits and underscores; `BORGITORY_…` and `LD_…` are not allowed.',
    }),
    value: t.string({
      description:
        'Its value, up to 10,000 characters, which is stored sealed; null keeps the one that the hook with this id has. In what the hook prints, a value of four characters or more is replaced by `[secret]`.',
    }),
  }),
})

export const hookInput = builder.inputType('HookInput', {
  description:
    'A shell command to run before or after backups. Its environment tells of the job: `BORGITORY_JOB_ID`, `BORGITORY_JOB_KIND`, `BORGITORY_JOB_STATE` (`RUNNING` before the backup, then how it went so far), `BORGITORY_PROBLEM`, `BORGITORY_PLAN`, `BORGITORY_REPOSITORY`, `BORGITORY_REPOSITORY_LOCATION`, `BORGITORY_ARCHIVE`, `BORGITORY_SOURCES` (one a line).',
  fields: (t) => ({
    id: t.globalID({ description: 'The hook of the plan that this is; null for a new one.' }),
    name: t.string({ required: true, description: 'Unique among the hooks of the plan, 1 to 100 characters.' }),
    moment: t.field({ type: HookMoment, required: true, description: 'When it runs.' }),
    command: t.string({ required: true, description: 'What `/bin/sh -c` is given: up to 10,000 characters.' }),
    workingFolder: t.string({
      description:
        'Absolute path of the folder that it starts in; where it is left out, an empty folder of its own, which is removed afterwards.',
    }),
    timeLimit: t.int({ description: 'Seconds after which it is ended: 1 to 86400, 300 where it is left out.' }),
    stopsOnFailure: t.boolean({
      description:
        'Whether its failure fails the job; otherwise it is a warning. Where it is left out: true before a backup, false after it.',
    }),
    environment: t.field({
      type: [hookVariableInput],
      description:
        'The variables that it gets besides those about the job, up to 50; where it is left out, they stay as they are.',
    }),
  }),
})

/** What the service is given for hooks. */
export const hooksOf = (hooks: readonly (typeof hookInput.$inferInput)[] | null | undefined) =>
  hooks?.map(({ id, ...hook }) => ({ ...hook, id: id?.id ?? null }))
