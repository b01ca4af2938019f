/**
 * `npm run migration -- <name>` writes the next migration: what takes the state that the migrations lead to over to
 * `prisma/schema.prisma`. `npm run migration -- --initial` writes all of them anew as a single one; that is only right
 * before the first release, for it leaves no way to open records that exist.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { migrationsFolder, readMigrations } from '../database/migrations.ts'
import { diffMigrations } from '../database/schema-engine.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)
const schema = readFileSync(fileURLToPath(new URL('../../prisma/schema.prisma', import.meta.url)), 'utf8')
const [argument] = process.argv.slice(2)
const isInitial = argument === '--initial'

if (argument === undefined || !(isInitial || /^[a-z0-9_]+$/.test(argument))) {
  say('Name the migration in lower case, such as: npm run migration -- add_schedules')
  process.exit(1)
}

mkdirSync(migrationsFolder, { recursive: true })
writeFileSync(join(migrationsFolder, 'migration_lock.toml'), 'provider = "sqlite"\n')
const existing = readMigrations(migrationsFolder)
const sql = await diffMigrations(migrationsFolder, isInitial ? [] : existing, schema)
if (sql === '') {
  say('The migrations already lead to prisma/schema.prisma.')
  process.exit(0)
}

const [first] = existing
const now = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
const name = isInitial ? (first?.name ?? `${now}_init`) : `${now}_${argument}`
if (isInitial) for (const { name } of existing) rmSync(join(migrationsFolder, name), { recursive: true })
mkdirSync(join(migrationsFolder, name))
writeFileSync(join(migrationsFolder, name, 'migration.sql'), sql)
say(`Wrote prisma/migrations/${name}/migration.sql: read it before you commit it.`)
