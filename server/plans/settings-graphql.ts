import { builder } from '../schema/builder.ts'
import {
  type BackupSettings,
  backupSettings,
  type CompressionSettings,
  type PatternSettings,
} from './backup-settings.ts'
import { optionOutputs } from './option-fields.ts'

export const compressionAlgorithm = builder.enumType('CompressionAlgorithm', {
  description: 'How an archive’s chunks are compressed.',
  values: {
    NONE: { description: 'Not at all.' },
    LZ4: { description: 'Very fast, compresses little.' },
    ZSTD: { description: 'Fast to thorough, by level: 1 to 22, 3 where none is given.' },
    ZLIB: { description: 'Moderate, by level: 0 to 9, 6 where none is given.' },
    LZMA: { description: 'Slow and thorough, by level: 0 to 9, 6 where none is given.' },
  },
})

const compression = builder.objectRef<CompressionSettings>('Compression').implement({
  description: 'How an archive’s chunks are compressed.',
  fields: (t) => ({
    algorithm: t.expose('algorithm', { type: compressionAlgorithm, description: 'The algorithm.' }),
    level: t.exposeInt('level', { nullable: true, description: 'Its level; null for borg’s own default.' }),
    isAuto: t.exposeBoolean('isAuto', {
      description: 'Whether chunks that LZ4 cannot make smaller are left as they are.',
    }),
    obfuscation: t.exposeInt('obfuscation', {
      nullable: true,
      description: 'How the sizes of chunks are hidden: 1 to 6 or 110 to 123 in borg’s words; null where they are not.',
    }),
  }),
})

export const patternAction = builder.enumType('PatternAction', {
  description: 'What becomes of what a pattern matches.',
  values: {
    INCLUDE: { description: 'It is backed up.' },
    EXCLUDE: { description: 'It is left out; a folder is still searched for what another pattern includes.' },
    EXCLUDE_NO_RECURSE: { description: 'It is left out; a folder with all that is in it.' },
  },
})

export const patternStyle = builder.enumType('PatternStyle', {
  description: 'How a pattern is read (borg help patterns). Paths are matched without their first slash.',
  values: {
    SH: { description: 'Like a shell: `*` stays within a folder, `**/` goes through any number of them.' },
    FM: { description: 'Like fnmatch: `*` matches slashes too.' },
    RE: { description: 'A regular expression, found anywhere in the path.' },
    PP: { description: 'The path of a folder with all that is in it.' },
    PF: { description: 'One whole path; looked at before patterns of other styles.' },
  },
})

const pattern = builder.objectRef<PatternSettings>('Pattern').implement({
  description: 'One rule about what is backed up.',
  fields: (t) => ({
    action: t.expose('action', { type: patternAction, description: 'What becomes of what it matches.' }),
    style: t.expose('style', { type: patternStyle, description: 'How it is read.' }),
    pattern: t.exposeString('pattern', { description: 'Its text.' }),
  }),
})

export const backupSettingsType = builder.objectRef<BackupSettings>('BackupSettings').implement({
  description: 'What a backup is asked to do.',
  fields: (t) => ({
    sources: t.exposeStringList('sources', { description: 'Absolute paths of the folders.' }),
    compression: t.field({
      type: compression,
      description: 'How its chunks are compressed.',
      resolve: (settings) => settings.compression,
    }),
    patterns: t.field({
      type: [pattern],
      description: 'Rules about what is backed up: the first that matches decides.',
      resolve: ({ patterns }) => patterns,
    }),
    ...optionOutputs(t),
    archiveName: t.exposeString('archiveName', { description: 'The template that the archive’s name is made from.' }),
    comment: t.exposeString('comment', { description: 'What is noted with the archive; may be empty.' }),
  }),
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
