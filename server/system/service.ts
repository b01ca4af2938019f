import { readFile } from 'node:fs/promises'
import { versionProblem as borgProblem, version as borgVersion, parseVersion } from '../borg/features.ts'
import type { Config } from '../config.ts'
import { readOutput } from '../process/output.ts'
import { parseVersion as parseRcloneVersion, version as rcloneVersion } from '../rclone/features.ts'

/** A program that Borgitory drives. */
export interface Tool {
  readonly name: string
  /** Null where it is not installed, or does not tell. */
  readonly version: string | null
  /** What it lacks, in plain words. */
  readonly problem: string | null
}

/** Milliseconds for which an answer is given again: whoever may look can ask, and each time starts programs. */
const keptFor = 5_000

const kept = new WeakMap<Config, { readonly until: number; readonly tools: Promise<Tool[]> }>()

/** Asks the programs for their versions; some seconds later anew. */
export const readTools = (config: Config): Promise<Tool[]> => {
  const known = kept.get(config)
  if (known && Date.now() < known.until) return known.tools
  const tools = askTools(config)
  kept.set(config, { until: Date.now() + keptFor, tools })
  return tools
}

const askTools = async (config: Config): Promise<Tool[]> => {
  const options = { environment: config.childEnvironment }
  const [borg, rclone] = await Promise.all([readOutput(borgVersion, options), readOutput(rcloneVersion, options)])
  const tool = (
    name: string,
    output: string | null,
    parse: (output: string) => string | null,
    problemOf: (version: string) => string | null,
  ) => {
    if (output === null) return { name, version: null, problem: `${name} is not installed on this machine.` }
    const version = parse(output)
    return { name, version, problem: version === null ? `${name} does not tell its version.` : problemOf(version) }
  }
  return [tool('borg', borg, parseVersion, borgProblem), tool('rclone', rclone, parseRcloneVersion, () => null)]
}

/** Borgitory's own version. */
export const readVersion = async (): Promise<string> => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  return version
}
