import { realpath } from 'node:fs/promises'
import { z } from 'zod'
import type { App } from '../../app.ts'
import { findOwnPaths } from '../../folders/borgitory-files.ts'
import { deviceProblem } from '../../folders/devices.ts'
import { absolutePath, isInside, resolvePath } from '../../folders/path.ts'
import { LocationUnusable } from '../../folders/problems.ts'
import { isBlockDevice, specialKind } from '../../folders/source-kind.ts'
import { assertAnswers, assertOnDisk, assertOutsideData } from '../../repositories/location.ts'
import { defineSettings, type OutputFields } from './section.ts'

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

/** Refuses what may not be read as it is. */
const assertReadable = async (source: string, config: App['config']): Promise<void> => {
  const problem = await deviceProblem(source, await findOwnPaths(config))
  if (problem !== null) throw new LocationUnusable(source, problem)
}

/** Refuses a source within another one: borg would store all that is in it twice. */
const assertApart = (sources: readonly string[], resolved: readonly string[]): void => {
  resolved.forEach((inner, index) => {
    const other = resolved.findIndex((outer, place) => place !== index && isInside(inner, outer))
    if (other === -1) return
    throw new LocationUnusable(sources[index] ?? inner, `is inside ${sources[other]}, which is backed up already.`)
  })
}

const description = 'Absolute paths of folders or files on the machine that runs Borgitory: 1 to 100.'

interface Needed {
  readonly sources: readonly string[]
  readonly patterns: readonly unknown[]
  readonly oneFileSystem: boolean
  readonly readSpecial: boolean
}

/** What is backed up. That a source exists is found out when a job runs. */
export const sources = defineSettings({
  stored: {
    /** Absolute paths. */
    sources: z.array(z.string()).min(1),
  },
  input: {
    sources: z
      .array(absolutePath, 'choose at least one folder')
      .min(1, 'choose at least one folder')
      .max(100, 'are more than 100')
      .transform((sources) => [...new Set(sources)]),
  },
  graphql: () => ({
    inputs: (t, isWhole) => ({
      sources: isWhole
        ? t.stringList({ required: true, description })
        : t.stringList({ description: `${description} Needed without a plan.` }),
    }),
    outputs: (t: OutputFields<{ sources: string[] }>) => ({
      sources: t.exposeStringList('sources', { description: 'Absolute paths of the folders.' }),
    }),
  }),
  check: async ({ config }, { sources, patterns, oneFileSystem, readSpecial }: Needed, { repository }) => {
    await assertAnswers([repository.location, ...sources])
    const location = await resolvePath(repository.location)
    const resolved: string[] = []
    for (const source of sources) {
      if (readSpecial) await assertReadable(source, config)
      // Devices are where the system shows them.
      if (!readSpecial || !(await isBlockDevice(source))) {
        await assertOnDisk(source)
        await assertOutsideData(source, config.dataFolder)
        await assertContents(source)
      }
      const place = await resolvePath(source)
      if (isInside(place, location)) {
        throw new LocationUnusable(source, 'is inside the repository that it would be backed up into.')
      }
      resolved.push(place)
    }
    // Where something is left out of the outer one, the inner one may be what brings it back.
    if (!oneFileSystem && patterns.length === 0) assertApart(sources, resolved)
  },
})
