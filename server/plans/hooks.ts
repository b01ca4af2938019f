import type { Hook, Prisma } from '../../prisma/generated/client/client.ts'
import type { App } from '../app.ts'
import { isFolder } from '../folders/is-folder.ts'
import { doesNotAnswer, silentOf } from '../folders/silent.ts'
import { systemPlace } from '../folders/system-places.ts'
import { InvalidInput } from '../problems.ts'
import { packVariables, type SecretVariables, unpackVariables } from '../secrets/variables.ts'
import { SealedDamaged, SealedWithOtherKey } from '../secrets/vault.ts'
import { hookPurpose } from './hook-settings.ts'
import type { HooksInput } from './sections/hooks.ts'

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
