import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MigrationList } from '@prisma/schema-engine-wasm'

/** One step of the records' structure. */
export interface Migration {
  readonly name: string
  readonly sql: string
  /** SHA-256 of the file in hexadecimal digits, as Prisma notes it in `_prisma_migrations`. */
  readonly checksum: string
}

export const migrationsFolder = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))

/** The migrations in a folder, oldest first. */
export const readMigrations = (folder: string): readonly Migration[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })

/** Migrations as the schema engine wants them. */
export const migrationList = (folder: string, migrations: readonly Migration[]): MigrationList => ({
  baseDir: folder,
  lockfile: { path: 'migration_lock.toml', content: readFileSync(join(folder, 'migration_lock.toml'), 'utf8') },
  shadowDbInitScript: '',
  migrationDirectories: migrations.map(({ name, sql }) => ({
    path: name,
    migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
  })),
})
