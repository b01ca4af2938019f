import { GraphQLError } from 'graphql'
import type { Task } from '../../prisma/generated/client/client.ts'
import { HookMoment } from '../../prisma/generated/client/enums.ts'
import { builder, forAdministrators } from '../schema/builder.ts'
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
    ...forAdministrators,
    description: 'What the hook gives to the shell; null for other kinds, and for all but administrators.',
    select: { settings: true },
    resolve: (task) => hookOf(task)?.command ?? null,
  }),
}))

builder.prismaNode('Hook', {
  nullable: true,
  id: { field: 'id' },
  // For others there is none.
  findUnique: (id, { viewer }) => ({ id: viewer?.mayAdminister ? id : '' }),
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
