import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { isEnumType, isInputObjectType, isInterfaceType, isIntrospectionType, isObjectType, printSchema } from 'graphql'
import { expect, test } from 'vitest'
import { migrationsFolder, readMigrations } from '../../server/database/migrations.ts'
import { diffMigrations } from '../../server/database/schema-engine.ts'
import { schema } from '../../server/schema/index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

test('the migrations lead to prisma/schema.prisma (else: npm run migration -- <name>)', async () => {
  const migrations = readMigrations(migrationsFolder)

  expect(await diffMigrations(migrationsFolder, migrations, read('prisma/schema.prisma'))).toBe('')
})

test('a schema that the migrations do not lead to is noticed', async () => {
  const changed = `${read('prisma/schema.prisma')}\nmodel Extra {\n  id String @id\n}\n`

  const sql = await diffMigrations(migrationsFolder, readMigrations(migrationsFolder), changed)
  expect(sql).toContain('CREATE TABLE "Extra"')
})

test('schema.graphql is what the code offers (else: npm run schema)', () => {
  expect(read('schema.graphql')).toBe(`${printSchema(schema)}\n`)
})

test('everything in the API has a description', () => {
  const bare: string[] = []
  const note = (name: string, { description }: { description?: string | null | undefined }) => {
    if (!description) bare.push(name)
  }
  for (const type of Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type))) {
    note(type.name, type)
    if (isEnumType(type)) for (const value of type.getValues()) note(`${type.name}.${value.name}`, value)
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) note(`${type.name}.${field.name}`, field)
    }
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        note(`${type.name}.${field.name}`, field)
        for (const argument of field.args) note(`${type.name}.${field.name}(${argument.name})`, argument)
      }
    }
  }
  const builtIn = ['Boolean', 'Float', 'ID', 'Int', 'String']
  expect(bare.filter((name) => !builtIn.includes(name))).toEqual([])
})

test('the web client’s documents fit schema.graphql, and what is generated of them is up to date', async () => {
  const program = join(root, 'node_modules/@graphql-codegen/cli/esm/bin.js')
  const { stdout } = await promisify(execFile)(process.execPath, [program, '--config', 'codegen.ts', '--check'], {
    cwd: root,
  }).catch((error: Error & { stdout: string; stderr: string }) => {
    throw new Error(`npm run generate\n${error.stdout}${error.stderr}`)
  })
  expect(stdout).not.toMatch(/stale|out of date/i)
})
