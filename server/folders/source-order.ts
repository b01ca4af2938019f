import { readOutput } from '../process/output.ts'

interface Options {
  readonly environment: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/**
 * The same sources, those that are files last: of a file that has several names borg takes no other one after the file was
 * a source of its own, and says nothing of that. A program looks, since a disk that does not answer holds whoever does.
 */
export const foldersFirst = async (sources: readonly string[], options: Options): Promise<readonly string[]> => {
  const args = [...sources, '-maxdepth', '0', '-type', 'f', '-print0']
  const found = await readOutput({ program: 'find', args, parse: (line) => line }, options)
  const files = new Set(found?.split('\0'))
  return [...sources.filter((source) => !files.has(source)), ...sources.filter((source) => files.has(source))]
}
