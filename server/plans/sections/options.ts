import { type BackupOptions, type BorgOption, backupOptions, type OptionKey, optionsShape } from '../../borg/options.ts'
import { defineSettings, type OutputFields } from './section.ts'

/** What the values of an option are in the API, by its kind; a number and a choice may be null. */
const types: { FLAG: 'Boolean'; NUMBER: 'Int'; NAMES: ['String'] } = {
  FLAG: 'Boolean',
  NUMBER: 'Int',
  NAMES: ['String'],
}

const entries = Object.entries<BorgOption>(backupOptions) as [OptionKey, BorgOption][]

/** The options of `borg create`: `borg/options.ts` declares them. */
export const options = defineSettings({
  stored: optionsShape,
  input: optionsShape,
  graphql: ({ builder }) => {
    const fields = entries.map(([key, { kind, choices, ...option }]) => ({
      ...option,
      key,
      isNullable: kind === 'NUMBER' || kind === 'CHOICE',
      type: choices ? builder.enumType(choices.name, choices) : types[kind as keyof typeof types],
    }))
    return {
      inputs: (t) =>
        Object.fromEntries(
          fields.map(({ key, type, inputDescription }) => [key, t.field({ type, description: inputDescription })]),
        ),
      outputs: (t: OutputFields<BackupOptions>) =>
        Object.fromEntries(
          fields.map(({ key, type, isNullable, description }) => [
            key,
            // Which of the types goes with which key is said by its kind.
            t.expose(key as never, { type, nullable: isNullable, description }),
          ]),
        ),
    }
  },
})
