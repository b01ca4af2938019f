import { z } from 'zod'
import type { App } from '../app.ts'
import type { BackupSettings } from './backup-settings.ts'
import { mergedShape } from './merged.ts'
import { settingsSections } from './sections/index.ts'
import type { Place } from './sections/section.ts'

const withoutNulls = (input: unknown) =>
  typeof input === 'object' && input !== null
    ? Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))
    : input

/** What a person asks a backup to do. What is left out, or null, has a default. */
export const settingsInput = z.preprocess(
  withoutNulls,
  z.object(mergedShape(settingsSections.map(({ input }) => input))),
)

/**
 * Refuses what is wrong with settings only in their place, or only in the eyes of borg. Throws `InvalidInput`,
 * `LocationUnusable`, `PatternsUnchecked`.
 */
export const assertUsable = async (app: App, settings: BackupSettings, place: Place): Promise<void> => {
  for (const { check } of settingsSections) await check(app, settings, place)
}
