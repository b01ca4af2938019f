import { type BorgOption, backupOptions, type OptionKey } from '../borg/options.ts'
import type { SchemaTypes } from '../schema/builder.ts'
import type { BackupSettings } from './backup-settings.ts'

/** What the values of an option are in the API, by its kind; numbers may be null. */
const types = { FLAG: 'Boolean', NUMBER: 'Int' } as const

const entries = Object.entries<BorgOption>(backupOptions) as [OptionKey, BorgOption][]

/** The fields of a backup's settings that show its options. */
export const optionOutputs = (t: PothosSchemaTypes.ObjectFieldBuilder<SchemaTypes, BackupSettings>) =>
  Object.fromEntries(
    entries.map(([key, { kind, description }]) => [
      key,
      // Which of the types goes with which key is said by its kind.
      t.expose(key as never, { type: types[kind], nullable: kind === 'NUMBER', description }),
    ]),
  )

/** The fields that ask for them. */
export const optionInputs = (t: PothosSchemaTypes.InputFieldBuilder<SchemaTypes, 'InputObject'>) =>
  Object.fromEntries(
    entries.map(([key, { kind, inputDescription: description }]) => [key, t.field({ type: types[kind], description })]),
  )
