/**
 * `npm run restore-records` lists the copies of the records; `npm run restore-records -- <copy>` puts one in their place.
 * It reads the same variables as the server.
 */
import { statSync } from 'node:fs'
import { type Config, ConfigInvalid, readConfig } from '../config.ts'
import { listCopies } from '../database/copies.ts'
import { DataFolderInUse } from '../database/data-folder-lock.ts'
import { asUnusable, FileUnusable, RecordsUnusable } from '../database/errors.ts'
import { CopyNotFound, restoreCopy } from '../database/restore.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)

const problems = [ConfigInvalid, CopyNotFound, DataFolderInUse, FileUnusable, RecordsUnusable]

const list = (dataFolder: string) => {
  const copies = listCopies(dataFolder)
  if (copies.length === 0) return say(`There is no copy of the records in ${dataFolder}.`)
  say('Copies of the records, the newest first:\n')
  for (const { name, file, keyFile } of copies) {
    const size = `${(statSync(file).size / 1e6).toFixed(1)} MB`
    say(`  ${name}  ${size.padStart(10)}${keyFile === null ? '' : ', with the key'}`)
  }
  say('\nTo go back to one, stop the server and name it: npm run restore-records -- <copy>')
  say(
    'What is there now is kept beside it. Archives that were made since are found again when their list is refreshed.',
  )
}

const restore = (config: Config, name: string) => {
  const { recordsBefore, keyBefore, isKeyRestored } = restoreCopy(config, name)
  say(`The records are those of ${name} again.`)
  if (recordsBefore !== null) say(`What was there before is kept as ${recordsBefore}`)
  if (isKeyRestored) say(`The key that belongs to them is in ${config.secretKeyFile} again.`)
  if (keyBefore !== null) say(`The key that was there before is kept as ${keyBefore}`)
}

const run = ([name]: readonly string[]) => {
  const config = readConfig()
  try {
    if (name === undefined) list(config.dataFolder)
    else restore(config, name)
  } catch (error) {
    throw asUnusable(error, config.databaseFile)
  }
}

try {
  run(process.argv.slice(2))
} catch (problem) {
  if (!problems.some((known) => problem instanceof known)) throw problem
  process.stderr.write(`Nothing was restored. ${(problem as Error).message}\n`)
  process.exitCode = 1
}
