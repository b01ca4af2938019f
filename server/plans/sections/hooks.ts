import { z } from 'zod'
import type { Hook } from '../../../prisma/generated/client/client.ts'
import { HookMoment } from '../../../prisma/generated/client/enums.ts'
import { absolutePath } from '../../folders/path.ts'
import type { NewTask } from '../../jobs/records/kind-definition.ts'
import { nameInput } from '../../repositories/name.ts'
import { Secret } from '../../secrets/secret.ts'
import type { HookSettings } from '../hook-settings.ts'
import { assertFolders, writeHooks } from '../hooks.ts'
import { definePlanSection } from './section.ts'

const day = 86_400

const mostHooks = 20
const mostVariables = 50

/** Characters of a command, and of the value of a variable. */
const longestText = 10_000

const text = z
  .string()
  .max(longestText, `is longer than ${longestText} characters`)
  .refine((value) => !value.includes('\0'), 'must not contain NUL')
  .refine((value) => value.isWellFormed(), 'must be Unicode text')

const variableName = z
  .string()
  .max(100, 'is longer than 100 characters')
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'has letters, digits and underscores, and does not begin with a digit')
  .refine((name) => !/^BORGITORY_/.test(name), 'must not begin with BORGITORY_: those say what the job is')
  .refine((name) => !/^LD_/.test(name), 'must not begin with LD_: set it in the command')

/** Refuses items, by the field that is to tell them apart, that come twice. */
const withoutTwins =
  (field: string) =>
  (items: readonly { readonly name: string }[], context: z.core.$RefinementCtx): void => {
    items.forEach(({ name }, index) => {
      if (items.findIndex((other) => other.name === name) === index) return
      context.addIssue({ code: 'custom', path: [index, field], message: 'is there twice' })
    })
  }

const hookShape = z
  .object({
    // As the API reads a global id.
    id: z.object({ id: z.string() }).nullish(),
    name: nameInput,
    moment: z.enum(HookMoment),
    // A shell would take the carriage return of a line end for a part of the last word.
    command: text
      .refine((command) => command.trim() !== '', 'is missing')
      .transform((command) => command.replaceAll('\r\n', '\n')),
    workingFolder: absolutePath.nullish(),
    timeLimit: z.number().int().min(1, 'must be a second or more').max(day, 'must be a day or less').nullish(),
    stopsOnFailure: z.boolean().nullish(),
    environment: z
      .array(z.object({ name: variableName, value: text.transform((value) => new Secret(value)).nullish() }))
      .max(mostVariables, `are more than ${mostVariables}`)
      .superRefine(withoutTwins('name'))
      .nullish(),
  })
  .transform(({ id, workingFolder, timeLimit, stopsOnFailure, environment, ...rest }) => ({
    ...rest,
    id: id?.id ?? null,
    workingFolder: workingFolder ?? null,
    timeLimit: timeLimit ?? 300,
    stopsOnFailure: stopsOnFailure ?? rest.moment === 'BEFORE',
    /** Null where all variables stay as they are. */
    environment: environment ?? null,
  }))

const hooksInput = z
  .array(hookShape)
  .max(mostHooks, `are more than ${mostHooks}`)
  .superRefine(withoutTwins('name'))
  .superRefine((hooks, context) => {
    hooks.forEach(({ id }, index) => {
      if (id === null || hooks.findIndex((other) => other.id === id) === index) return
      context.addIssue({ code: 'custom', path: [index, 'id'], message: 'is there twice' })
    })
  })

export type HooksInput = z.output<typeof hooksInput>
const conditions = {
  BEFORE: 'UNLESS_FAILED',
  ON_SUCCESS: 'ON_SUCCESS',
  ON_WARNING: 'ON_WARNING',
  ON_FAILURE: 'ON_FAILURE',
  ALWAYS: 'ALWAYS',
} as const

const hookTask = (hook: Hook): NewTask => {
  const { id: hookId, name, moment, command, workingFolder, environmentSealed, timeLimit, stopsOnFailure } = hook
  const settings: HookSettings = { hookId, name, moment, command, workingFolder, environmentSealed }
  return {
    kind: 'HOOK',
    settings,
    timeLimit,
    condition: conditions[moment],
    onFailure: stopsOnFailure ? 'STOP' : 'CONTINUE',
  }
}

/** The hooks of some moments, those that always run last: whatever they put back in order is needed until then. */
const hookTasks = (hooks: readonly Hook[], isAmong: (moment: Hook['moment']) => boolean): readonly NewTask[] => {
  const wanted = hooks.filter(({ moment }) => isAmong(moment)).sort((a, b) => a.position - b.position)
  const [last, first] = [true, false].map((isLast) => wanted.filter(({ moment }) => (moment === 'ALWAYS') === isLast))
  return [...(first ?? []), ...(last ?? [])].map(hookTask)
}

/** Commands of an administrator's that run before and after the backups of a plan. */
export const hooks = definePlanSection({
  input: { hooks: hooksInput.nullish() },
  graphql: ({ builder }) => {
    builder.prismaObjectField('BackupPlan', 'hooks', (t) =>
      t.relation('hooks', {
        nullable: true,
        authScopes: { administrator: true },
        unauthorizedResolver: () => null,
        description: 'What it runs before and after its backups, in order; null for all but administrators.',
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

    const hookInput = builder.inputType('HookInput', {
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
    return {
      inputs: (t, isNew) => ({
        hooks: t.field({
          type: [hookInput],
          description: `What it runs before and after its backups, in order; up to 20${isNew ? '' : ', which replace all there are'}. Only administrators may give any.`,
        }),
      }),
    }
  },
  isRestricted: ({ hooks }) => Boolean(hooks),
  check: async ({ hooks }) => {
    if (hooks) await assertFolders(hooks)
  },
  write: async (app, records, { planId, input: { hooks } }) => {
    if (hooks) await writeHooks(app, records, { planId, hooks })
  },
  tasks: (plan) => ({
    before: hookTasks(plan?.hooks ?? [], (moment) => moment === 'BEFORE'),
    after: hookTasks(plan?.hooks ?? [], (moment) => moment !== 'BEFORE'),
  }),
})
