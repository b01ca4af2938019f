import { z } from 'zod'
import type { Hook, Prisma } from '../../prisma/generated/client/client.ts'
import { HookMoment } from '../../prisma/generated/client/enums.ts'
import type { App } from '../app.ts'
import { isFolder } from '../folders/is-folder.ts'
import { absolutePath } from '../folders/path.ts'
import { doesNotAnswer, silentOf } from '../folders/silent.ts'
import { systemPlace } from '../folders/system-places.ts'
import { InvalidInput } from '../problems.ts'
import { nameInput } from '../repositories/name.ts'
import { Secret } from '../secrets/secret.ts'
import { packVariables, type SecretVariables, unpackVariables } from '../secrets/variables.ts'
import { SealedDamaged, SealedWithOtherKey } from '../secrets/vault.ts'
import { hookPurpose } from './hook-settings.ts'

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

const hookInput = z
  .object({
    id: z.string().nullish(),
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
    id: id ?? null,
    workingFolder: workingFolder ?? null,
    timeLimit: timeLimit ?? 300,
    stopsOnFailure: stopsOnFailure ?? rest.moment === 'BEFORE',
    /** Null where all variables stay as they are. */
    environment: environment ?? null,
  }))

/** The hooks of a plan, in order. */
export const hooksInput = z
  .array(hookInput)
  .max(mostHooks, `are more than ${mostHooks}`)
  .superRefine(withoutTwins('name'))
  .superRefine((hooks, context) => {
    hooks.forEach(({ id }, index) => {
      if (id === null || hooks.findIndex((other) => other.id === id) === index) return
      context.addIssue({ code: 'custom', path: [index, 'id'], message: 'is there twice' })
    })
  })

export type HooksInput = z.output<typeof hooksInput>
type HookInput = HooksInput[number]

const refuse = (path: readonly (string | number)[], message: string): never => {
  throw new InvalidInput([{ path: ['hooks', ...path.map(String)], message }])
}

/** Throws `InvalidInput` where a hook is to work in a folder that is not there, or in one of the system's own. */
export const assertFolders = async (hooks: HooksInput): Promise<void> => {
  for (const [index, { workingFolder }] of hooks.entries()) {
    if (workingFolder === null) continue
    if ((await silentOf([workingFolder])).length > 0) refuse([index, 'workingFolder'], doesNotAnswer)
    const place = await systemPlace(workingFolder)
    if (place !== null) refuse([index, 'workingFolder'], `is in ${place} or leads through it`)
    if (await isFolder(workingFolder)) continue
    refuse([index, 'workingFolder'], 'is no folder on the machine that runs Borgitory')
  }
}

/** The variables of a hook besides those about the job. Throws `SealedWithOtherKey`, `SealedDamaged`. */
const variablesOf = (vault: App['vault'], { id, environmentSealed }: Pick<Hook, 'id' | 'environmentSealed'>) =>
  environmentSealed === null ? {} : unpackVariables(vault.open(environmentSealed, hookPurpose(id)))

/** Their names. Throws `SealedWithOtherKey`, `SealedDamaged`. */
export const environmentNames = ({ vault }: Pick<App, 'vault'>, hook: Hook): string[] =>
  Object.keys(variablesOf(vault, hook))

/** The variables that an input leaves a hook with: those without a value keep theirs. */
const newVariables = (
  vault: App['vault'],
  variables: NonNullable<HookInput['environment']>,
  { before, index }: { before: Hook | undefined; index: number },
): SecretVariables => {
  const readKept = (): SecretVariables => {
    try {
      return before === undefined ? {} : variablesOf(vault, before)
    } catch (error) {
      if (!(error instanceof SealedWithOtherKey || error instanceof SealedDamaged)) throw error
      return refuse([index, 'environment'], `give all values anew, the stored ones cannot be read: ${error.message}`)
    }
  }
  const kept = variables.some(({ value }) => !value) ? readKept() : {}
  return Object.fromEntries(
    variables.map(({ name, value }, place) => {
      const stored = Object.hasOwn(kept, name) ? kept[name] : undefined
      const missing = () => refuse([index, 'environment', place, 'value'], 'is missing: none is stored under this name')
      return [name, value ?? stored ?? missing()]
    }),
  )
}

/**
 * Replaces the hooks of a plan; one that is given with its id stays the same hook, and keeps the variables that are not
 * given. Throws `InvalidInput`.
 */
export const writeHooks = async (
  { vault }: Pick<App, 'vault'>,
  records: Prisma.TransactionClient,
  { planId, hooks }: { planId: string; hooks: HooksInput },
): Promise<void> => {
  const stored = new Map((await records.hook.findMany({ where: { planId } })).map((hook) => [hook.id, hook]))
  await records.hook.deleteMany({ where: { planId } })
  for (const [position, { id, environment, ...columns }] of hooks.entries()) {
    const before = stored.get(id ?? '')
    if (id !== null && before === undefined) refuse([position, 'id'], 'is no hook of this plan')
    const hook = await records.hook.create({
      data: {
        ...columns,
        ...(before && { id: before.id, environmentSealed: before.environmentSealed }),
        planId,
        position,
      },
    })
    if (environment === null) continue
    const variables = newVariables(vault, environment, { before, index: position })
    const environmentSealed =
      environment.length === 0 ? null : vault.seal(packVariables(variables), hookPurpose(hook.id))
    await records.hook.update({ where: { id: hook.id }, data: { environmentSealed }, select: { id: true } })
  }
}
