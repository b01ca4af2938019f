import type {
  BackupSettingsInput,
  BackupSettingsPartsFragment,
  CompressionInput,
  HookInput,
  HookMoment,
  JobPriority,
  PatternAction,
  PatternStyle,
  PlanDetailsFragment,
} from '../../api/gql/graphql.ts'
import { fitCompression } from '../../text/compression.ts'
import { type Options, optionsOf, usualOptions } from '../../text/options.ts'

export interface PatternDraft {
  action: PatternAction
  style: PatternStyle
  pattern: string
}

export interface VariableDraft {
  name: string
  /** Null as long as nothing was typed. */
  value: string | null
  /** Whether the hook has a value for it, which nobody can read. */
  isStored: boolean
  /** Whether that value is to be replaced by what is typed. */
  isReplaced: boolean
}

export interface HookDraft {
  /** Null for a new one. */
  id: string | null
  name: string
  moment: HookMoment
  command: string
  /** Empty for the default. */
  workingFolder: string
  /** Seconds; null for the default. */
  timeLimit: number | null
  stopsOnFailure: boolean
  environment: VariableDraft[]
}

/** What the editor holds, but for the folders: as it is typed. */
export interface Draft {
  name: string
  repositoryId: string
  patterns: PatternDraft[]
  compression: CompressionInput
  options: Options
  archiveName: string
  comment: string
  priority: JobPriority
  retries: number
  /** Seconds. */
  retryDelay: number | null
  /** Seconds; null for no limit. */
  timeLimit: number | null
  hooks: HookDraft[]
}

export const emptyPattern = (): PatternDraft => ({ action: 'EXCLUDE', style: 'SH', pattern: '' })

export const emptyHook = (): HookDraft => ({
  id: null,
  name: '',
  moment: 'BEFORE',
  command: '',
  workingFolder: '',
  timeLimit: null,
  stopsOnFailure: true,
  environment: [],
})

/** A plan that nobody has thought about yet. */
export const emptyDraft = (repositoryId: string): Draft => ({
  name: '',
  repositoryId,
  patterns: [],
  compression: fitCompression({ algorithm: 'ZSTD', isAuto: true }),
  options: { ...usualOptions(), excludeCaches: true },
  archiveName: '{hostname}-{plan}-{utcnow}',
  comment: '',
  priority: 'NORMAL',
  retries: 0,
  retryDelay: 60,
  timeLimit: null,
  hooks: [],
})

/** A plan as the editor changes it. */
export const draftOf = ({ settings, ...plan }: PlanDetailsFragment): Draft => ({
  name: plan.name,
  repositoryId: plan.repository.id,
  patterns: settings.patterns.map(({ action, style, pattern }) => ({ action, style, pattern })),
  compression: fitCompression(settings.compression),
  options: optionsOf(settings),
  archiveName: settings.archiveName,
  comment: settings.comment,
  priority: plan.priority,
  retries: plan.retries,
  retryDelay: plan.retryDelay,
  timeLimit: plan.timeLimit,
  hooks: (plan.hooks ?? []).map(
    ({ id, name, moment, command, workingFolder, timeLimit, stopsOnFailure, environmentNames }) => ({
      id,
      name,
      moment,
      command,
      workingFolder: workingFolder ?? '',
      timeLimit,
      stopsOnFailure,
      environment: environmentNames.map((variable) => ({
        name: variable,
        value: null,
        isStored: true,
        isReplaced: false,
      })),
    }),
  ),
})

/** Settings as the API takes them. */
export const settingsInputOf = (settings: BackupSettingsPartsFragment): BackupSettingsInput => {
  const { algorithm, level, isAuto, obfuscation } = settings.compression
  return {
    sources: [...settings.sources],
    patterns: settings.patterns.map(({ action, style, pattern }) => ({ action, style, pattern })),
    compression: { algorithm, level, isAuto, obfuscation },
    ...optionsOf(settings),
    archiveName: settings.archiveName,
    comment: settings.comment,
  }
}

/** What its backups are asked to do. */
export const settingsOf = (draft: Draft, sources: readonly string[]): BackupSettingsInput => ({
  sources: [...sources],
  patterns: draft.patterns.map(({ action, style, pattern }) => ({ action, style, pattern })),
  compression: { ...draft.compression },
  ...optionsOf(draft.options),
  archiveName: draft.archiveName,
  comment: draft.comment,
})

const hookOf = (hook: HookDraft): HookInput => ({
  id: hook.id,
  name: hook.name,
  moment: hook.moment,
  command: hook.command,
  workingFolder: hook.workingFolder.trim() || null,
  timeLimit: hook.timeLimit,
  stopsOnFailure: hook.stopsOnFailure,
  environment: hook.environment.map(({ name, value, isStored, isReplaced }) => ({
    name,
    // Null keeps the stored value: an empty one replaces it only where somebody emptied the field.
    value: isStored ? (isReplaced ? value : null) : (value ?? ''),
  })),
})

/** The plan as the API takes it, for making one and for changing one. */
export const planOf = (draft: Draft, sources: readonly string[]) => ({
  name: draft.name,
  repositoryId: draft.repositoryId,
  settings: settingsOf(draft, sources),
  priority: draft.priority,
  retries: draft.retries,
  retryDelay: draft.retryDelay,
  timeLimit: draft.timeLimit,
  hooks: draft.hooks.map(hookOf),
})

export type PlanInput = ReturnType<typeof planOf>

/** A plan to show and to copy: with words in the place of the secrets that were typed. */
export const withoutSecrets = <Plan extends Pick<PlanInput, 'hooks'>>(plan: Plan): Plan => ({
  ...plan,
  hooks: plan.hooks.map((hook) => ({
    ...hook,
    environment: hook.environment?.map(({ name, value }) => ({ name, value: value && `<value of ${name}>` })),
  })),
})

/** Moves the item at `index` by `by` places, where that place exists. Changes the list itself; false where it did not. */
export const moveItem = (list: unknown[], index: number, by: number) => {
  const target = index + by
  if (index < 0 || target < 0 || index >= list.length || target >= list.length) return false
  list.splice(target, 0, ...list.splice(index, 1))
  return true
}
