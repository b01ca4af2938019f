import type { InputFieldMap } from '@pothos/core'
import { builder, prices, type SchemaTypes } from '../schema/builder.ts'
import { type BackupSettings, backupSettings } from './backup-settings.ts'
import { settingsSections } from './sections/index.ts'

const sections = settingsSections.map(({ graphql }) => graphql({ builder, prices }))

type InputFields = PothosSchemaTypes.InputFieldBuilder<SchemaTypes, 'InputObject'>

/** The fields that ask for what a backup is to do: in one piece for a plan, or among those of a run without one. */
export const settingsFields = (t: InputFields, isWhole: boolean): InputFieldMap =>
  Object.assign({}, ...sections.map(({ inputs }) => inputs(t, isWhole)))

export const backupSettingsInput = builder.inputType('BackupSettingsInput', {
  description: 'What a backup is asked to do.',
  fields: (t) => settingsFields(t, true),
})

export const backupSettingsType = builder.objectRef<BackupSettings>('BackupSettings').implement({
  description: 'What a backup is asked to do.',
  fields: (t) => Object.assign({}, ...sections.map(({ outputs }) => outputs(t))),
})

builder.prismaObjectField('Job', 'backup', (t) =>
  t.field({
    type: backupSettingsType,
    nullable: true,
    description: 'What a BACKUP or DRY_RUN job was asked to do; null for other kinds.',
    select: { settings: true },
    resolve: ({ settings }) => backupSettings.safeParse(settings).data ?? null,
  }),
)
