import { lstat } from 'node:fs/promises'
import { findLeftOut, findOwnPaths } from '../../folders/borgitory-files.ts'
import { deviceProblem } from '../../folders/devices.ts'
import { doesNotAnswer, silentOf } from '../../folders/silent.ts'
import type { TaskContext } from '../records/kind-definition.ts'

/** What a backup does not take because it is Borgitory's own. */
interface OwnFiles {
  readonly paths: readonly string[]
  /** Why sources are left out whole, as a sentence; null where none is. */
  readonly problem: string | null
  /** What is to be said where a link has changed since, so that borg may have come across other paths; null where none has. */
  change(): Promise<string | null>
}

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  )

/** Finds Borgitory's own files in the sources, and says in the output that they are left out. */
export const leaveOwnFilesOut = async (
  { app, journal, signal, environment }: TaskContext,
  sources: readonly string[],
): Promise<OwnFiles> => {
  const find = async () => findLeftOut(sources, await findOwnPaths(app.config), { environment, signal })
  const { paths, own, problem } = await find()
  for (const path of own) {
    if (await exists(path)) await journal.output([`Left out, because Borgitory keeps its own data there: ${path}`])
  }
  return {
    paths,
    problem,
    async change() {
      const now = await find()
      const added = now.own.filter((path) => !paths.includes(path))
      if (added.length === 0) return null
      const named = added.map((path) => JSON.stringify(path)).join(', ')
      return `A link was changed meanwhile and leads to Borgitory’s own data, which may be inside: ${named}.`
    },
  }
}

/** Finds what would be read as a device, and may not be: what a source is may have changed since it was chosen. */
export const leaveUnreadableOut = async (
  { app, signal }: Pick<TaskContext, 'app' | 'signal'>,
  { sources, readSpecial }: { readonly sources: readonly string[]; readonly readSpecial: boolean },
): Promise<Pick<OwnFiles, 'paths' | 'problem'>> => {
  if (!readSpecial) return { paths: [], problem: null }
  const ownPaths = await findOwnPaths(app.config)
  const silent = await silentOf(sources, { signal })
  const problems = await Promise.all(
    sources.map((source) => (silent.includes(source) ? doesNotAnswer : deviceProblem(source, ownPaths))),
  )
  return {
    paths: sources.filter((_, index) => problems[index] !== null),
    problem: joined(
      problems.map(
        (problem, index) => problem && `${JSON.stringify(sources[index])} was not read, because it ${problem}`,
      ),
    ),
  }
}

/** Sentences as one text; null where there are none. */
export const joined = (sentences: readonly (string | null)[]): string | null =>
  sentences.filter((sentence) => sentence !== null).join(' ') || null
