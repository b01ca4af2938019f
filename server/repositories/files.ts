import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseRepositoryConfig, type RepositoryConfig } from '../borg/repository-config.ts'

/** What the repository at a path says of itself; null where none can be read, of which borg says more. */
export const readRepositoryConfig = async (location: string): Promise<RepositoryConfig | null> => {
  try {
    return parseRepositoryConfig(await readFile(join(location, 'config'), 'utf8'))
  } catch {
    return null
  }
}
