import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { sqliteReason } from './errors.ts'
import { type Migration, migrationsFolder, readMigrations } from './migrations.ts'
import { ensurePrivateFile, syncPath } from './private-file.ts'
import { sqlite } from './sqlite.ts'

/** The records could not be brought up to date and are as they were; the message says why. */
export class MigrationFailed extends Error {}

interface AppliedMigration {
  readonly name: string
  readonly checksum: string
  readonly isFinished: boolean
}

/**
 * Brings the records in an SQLite file up to date, and creates the file where it does not exist. The migrations run on
 * a copy that takes the file's place when all of them are done, so a migration that fails leaves the records as they
 * were. Prisma's engine is loaded only where there is something to do. Throws `MigrationFailed`.
 */
export const migrate = async (file: string, folder: string = migrationsFolder): Promise<void> => {
  const isNew = !existsSync(file)
  if (!isNew) ensurePrivateFile(file)
  const migrations = readMigrations(folder)
  const applied = isNew ? [] : await readApplied(file)
  checkHistory(migrations, applied)
  if (applied.length === migrations.length) return

  const copy = `${file}.migrating`
  removeDatabase(copy)
  try {
    ensurePrivateFile(copy)
    if (!isNew) await copyDatabase(file, copy)
    const { applyMigrations } = await import('./schema-engine.ts')
    await applyMigrations(copy, folder).catch(async (error: Error) => {
      const applied = await readApplied(copy).catch(() => [])
      const failed = applied.find(({ isFinished }) => !isFinished)?.name
      const which = failed === undefined ? 'A migration' : `The migration ${failed}`
      throw new MigrationFailed(`${which} failed; the records were left as they were. ${error.message}`)
    })
    await writeWhole(copy)
    if (existsSync(`${file}-wal`)) throw new MigrationFailed(`${file} is in use by another process: stop that first.`)
    renameSync(copy, file)
    syncPath(dirname(file))
  } finally {
    removeDatabase(copy)
  }
}

/**
 * Has all of an SQLite file in that file alone, which is what is renamed: where the disk is full, its end stays in the log
 * beside it. Throws `MigrationFailed`.
 */
const writeWhole = async (file: string): Promise<void> => {
  const connection = await connect(file)
  try {
    await connection.executeScript('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch (error) {
    const reason = sqliteReason(error, 'Look at its disk') ?? String(error)
    throw new MigrationFailed(`The migrated records cannot be written: ${reason}. They were left as they were.`)
  } finally {
    await connection.dispose()
  }
  if (existsSync(`${file}-wal`)) {
    throw new MigrationFailed(
      `${file} is in use by another process: stop that first. The records were left as they were.`,
    )
  }
}

/** The migrations that an SQLite file went through, oldest first. */
const readApplied = async (file: string): Promise<readonly AppliedMigration[]> => {
  const query = (sql: string) => connection.queryRaw({ sql, args: [], argTypes: [] })
  const connection = await connect(file)
  try {
    const tables = await query("SELECT 1 FROM sqlite_schema WHERE name = '_prisma_migrations'")
    if (tables.rows.length === 0) return []
    const applied = await query(`
      SELECT migration_name, checksum, finished_at IS NOT NULL
      FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name`)
    return applied.rows.map(([name, checksum, isFinished]) => ({
      name: String(name),
      checksum: String(checksum),
      isFinished: Boolean(isFinished),
    }))
  } finally {
    await connection.dispose()
  }
}

const connect = (file: string) => sqlite(file).connect()

/** Whether an SQLite file is more than an empty one. */
export const hasRecords = async (file: string): Promise<boolean> => (await readApplied(file)).length > 0

/** Throws `MigrationFailed` unless `applied` is a prefix of `migrations`. */
const checkHistory = (migrations: readonly Migration[], applied: readonly AppliedMigration[]) => {
  for (const [index, { name, checksum, isFinished }] of applied.entries()) {
    const migration = migrations[index]
    if (!isFinished) throw new MigrationFailed(`The migration ${name} was begun by another program and not finished.`)
    if (migration?.name !== name) {
      throw new MigrationFailed(
        `The records went through the migration ${name}, which this version does not know: they are of another version.`,
      )
    }
    if (migration.checksum !== checksum) {
      throw new MigrationFailed(`The migration ${name} was edited after it had been applied to the records.`)
    }
  }
}

const copyDatabase = async (file: string, copy: string) => {
  const connection = await connect(file)
  try {
    await connection.executeScript(`VACUUM INTO '${copy.replaceAll("'", "''")}'`)
  } finally {
    await connection.dispose()
  }
}

const removeDatabase = (file: string) => {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true })
}
