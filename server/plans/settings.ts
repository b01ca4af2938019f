import { realpath } from 'node:fs/promises'
import { z } from 'zod'
import type { Repository } from '../../prisma/generated/client/client.ts'
import type { App } from '../app.ts'
import { archiveNameFacts } from '../archives/names.ts'
import { archiveNameTemplateInput, defaultArchiveNameTemplate, previewArchiveName } from '../borg/archive-name.ts'
import { isEncrypted } from '../borg/encryption.ts'
import { absolutePath, isInside, resolvePath } from '../folders/path.ts'
import { LocationUnusable } from '../folders/problems.ts'
import { specialKind } from '../folders/source-kind.ts'
import { InvalidInput } from '../problems.ts'
import { assertAnswers, assertOnDisk, assertOutsideData } from '../repositories/location.ts'
import { type BackupSettings, backupSettings } from './backup-settings.ts'
import { askBorgAboutPatterns } from './pattern-check.ts'

const withoutNulls = (input: unknown) =>
  typeof input === 'object' && input !== null
    ? Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))
    : input

/** What a person asks a backup to do. What is left out, or null, has a default. */
export const settingsInput = z.preprocess(
  withoutNulls,
  backupSettings.extend({
    sources: z
      .array(absolutePath, 'choose at least one folder')
      .min(1, 'choose at least one folder')
      .max(100, 'are more than 100')
      .transform((sources) => [...new Set(sources)]),
    archiveName: archiveNameTemplateInput.default(defaultArchiveNameTemplate),
  }),
)

/** Where settings are to be used, and where in the input they stand. */
interface Place {
  readonly repository: Repository
  /** Null for a backup without a plan. */
  readonly planName: string | null
  readonly path: readonly string[]
}

/** Refuses what borg would keep as a mere entry: a source is a folder or a regular file. */
const assertContents = async (source: string): Promise<void> => {
  const kind = await specialKind(source)
  if (kind === null) return
  const only = 'only folders and regular files can be backed up.'
  if (kind !== 'a symbolic link') throw new LocationUnusable(source, `is ${kind}: ${only}`)
  const target = await realpath(source).catch(() => null)
  if (target === null) throw new LocationUnusable(source, `is a symbolic link that leads nowhere: ${only}`)
  const targetKind = await specialKind(target)
  throw new LocationUnusable(
    source,
    targetKind === null
      ? `is a symbolic link: choose what it leads to, ${target}.`
      : `is a symbolic link to ${target}, which is ${targetKind}: ${only}`,
  )
}

/** Refuses a source within another one: borg would store all that is in it twice. */
const assertApart = (sources: readonly string[], resolved: readonly string[]): void => {
  resolved.forEach((inner, index) => {
    const other = resolved.findIndex((outer, place) => place !== index && isInside(inner, outer))
    if (other === -1) return
    throw new LocationUnusable(sources[index] ?? inner, `is inside ${sources[other]}, which is backed up already.`)
  })
}

/**
 * Refuses what is wrong with settings only in their place, or only in the eyes of borg. That a source exists is found out
 * when a job runs. Throws `InvalidInput`, `LocationUnusable`, `PatternsUnchecked`.
 */
export const assertUsable = async (
  app: App,
  { sources, patterns, compression, archiveName, oneFileSystem }: BackupSettings,
  { repository, planName, path }: Place,
): Promise<void> => {
  await assertAnswers([repository.location, ...sources])
  const location = await resolvePath(repository.location)
  const resolved: string[] = []
  for (const source of sources) {
    await assertOnDisk(source)
    await assertOutsideData(source, app.config.dataFolder)
    await assertContents(source)
    const place = await resolvePath(source)
    if (isInside(place, location)) {
      throw new LocationUnusable(source, 'is inside the repository that it would be backed up into.')
    }
    resolved.push(place)
  }
  // Where something is left out of the outer one, the inner one may be what brings it back.
  if (!oneFileSystem && patterns.length === 0) assertApart(sources, resolved)
  const refuse = (field: readonly string[], message: string): never => {
    throw new InvalidInput([{ path: [...path, ...field], message }])
  }
  if (compression.obfuscation !== null && repository.encryption !== null && !isEncrypted(repository.encryption)) {
    refuse(['compression', 'obfuscation'], 'hides nothing, because the repository is not encrypted')
  }
  const preview = previewArchiveName(archiveName, archiveNameFacts(planName, repository.name, new Date()))
  if (preview.problem !== null) refuse(['archiveName'], preview.problem.message)
  const problem = await askBorgAboutPatterns(app, patterns)
  if (problem !== null) refuse(['patterns', String(problem.index), 'pattern'], problem.message)
}
