import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { copiesFolder, isWithin } from './copies.ts'
import { RecordsUnusable, wayBack } from './errors.ts'
import { hasRecords } from './migrate.ts'

interface Places {
  readonly dataFolder: string
  readonly databaseFile: string
  readonly secretKeyFile: string
}

const holdsSomething = (folder: string) => existsSync(folder) && readdirSync(folder).length > 0

/**
 * Throws `RecordsUnusable` where there are no records beside what only a server with records leaves: they are missing, as
 * where a disk is not mounted, and not new.
 */
export const refuseVanishedRecords = async ({ dataFolder, databaseFile, secretKeyFile }: Places): Promise<void> => {
  const left = [join(dataFolder, 'borg'), copiesFolder(dataFolder)].filter(holdsSomething)
  if (isWithin(dataFolder, secretKeyFile) && existsSync(secretKeyFile)) left.push(secretKeyFile)
  if (left.length === 0 || (existsSync(databaseFile) && (await hasRecords(databaseFile)))) return
  throw new RecordsUnusable(
    `The records ${databaseFile} are missing, but what belongs to them is there: ${left.join(', ')}. Put the file back; is its disk mounted? ${wayBack}. To begin anew on purpose, set BORGITORY_DATA to another folder, or move those away.`,
  )
}
