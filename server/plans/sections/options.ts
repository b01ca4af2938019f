import { type BackupOptions, type BorgOption, backupOptions, type OptionKey, optionsShape } from '../../borg/options.ts'
import { defineSettings, type OutputFields } from './section.ts'

/** What the values of an option are in the API, by its kind; numbers may be null. */
const types = { FLAG: 'Boolean', NUMBER: 'Int' } as const

const entries = Object.entries<BorgOption>(backupOptions) as [OptionKey, BorgOption][]

/** The options of `borg create`: `borg/options.ts` declares them. */
export const options = defineSettings({
  stored: optionsShape,
  input: optionsShape,
  graphql: () => ({
    inputs: (t) =>
      Object.fromEntries(
        entries.map(([key, { kind, inputDescription: description }]) => [
          key,
          t.field({ type: types[kind], description }),
        ]),
      ),
    outputs: (t: OutputFields<BackupOptions>) =>
      Object.fromEntries(
        entries.map(([key, { kind, description }]) => [
          key,
          // Which of the types goes with which key is said by its kind.
          t.expose(key as never, { type: types[kind], nullable: kind === 'NUMBER', description }),
        ]),
      ),
  }),
})
