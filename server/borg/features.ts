import type { Command } from '../process/command.ts'

/** `borg --version`, which prints to standard output. */
export const version: Command<string> = {
  program: 'borg',
  args: ['--version'],
  environment: { LANG: 'C.UTF-8' },
  parse: (line) => line,
}

/** The version in what `borg --version` prints, such as `1.2.4`; null where there is none. */
export const parseVersion = (output: string): string | null => /^borg\S* (\d+(?:\.\d+)+\S*)/m.exec(output)?.[1] ?? null

/** Why Borgitory cannot work with this version of borg, in plain words; null where it can. */
export const versionProblem = (version: string): string | null => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < 1 || (major === 1 && minor < 2))
    return `Borg ${version} is too old: Borgitory needs 1.2 or later of borg 1.`
  if (major > 1) return `Borg ${version} cannot be used: Borgitory works with borg 1, from 1.2 on.`
  return null
}
