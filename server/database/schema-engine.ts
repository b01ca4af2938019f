import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { bindMigrationAwareSqlAdapterFactory, type SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import type { SchemaEngine } from '@prisma/schema-engine-wasm'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import { type Migration, migrationList, readMigrations } from './migrations.ts'
import { sqlite } from './sqlite.ts'

/** The part of the global that is used here; Node's own types leave it to those of browsers. */
declare const WebAssembly: {
  instantiate(code: Uint8Array, imports: object): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>
}

const datamodels: [string, string][] = [['schema.prisma', 'datasource db {\n  provider = "sqlite"\n}\n']]

/** Every table and every enum is Prisma's. */
const filters = { externalTables: [], externalEnums: [] }

let loaded: Promise<void> | undefined

/** The bindings remember the memory of one instance, so there can only be one in a process. */
const load = async () => {
  const file = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const code = await readFile(file.replace(/\.js$/, '.wasm'))
  const { instance } = await WebAssembly.instantiate(code, { './schema_engine_bg.js': bindings })
  bindings.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
}

/**
 * Lets `use` work with Prisma's schema engine, as WebAssembly, on an SQLite file or on `:memory:`. The engine leaves its
 * connections open, so this closes them: only then does the file hold everything.
 */
const withSchemaEngine = async <T>(file: string, use: (engine: SchemaEngine) => Promise<T>): Promise<T> => {
  loaded ??= load()
  await loaded
  const factory = sqlite(file)
  const connections: SqlDriverAdapter[] = []
  const connect = async () => {
    const connection = await factory.connect()
    connections.push(connection)
    return connection
  }
  const adapter = bindMigrationAwareSqlAdapterFactory({ ...factory, connect })
  const engine = await bindings.SchemaEngine.new({ datamodels }, () => {}, adapter)
  try {
    return await use(engine)
  } finally {
    engine.free()
    for (const connection of connections) await connection.dispose()
  }
}

/** Applies the migrations in a folder to an SQLite file. Throws what the engine says where one fails. */
export const applyMigrations = (file: string, folder: string): Promise<void> =>
  withSchemaEngine(file, async (engine) => {
    await engine.applyMigrations({ migrationsList: migrationList(folder, readMigrations(folder)), filters })
  })

/** The SQL that takes the state that `migrations` lead to over to a Prisma schema; empty where they lead there. */
export const diffMigrations = (folder: string, migrations: readonly Migration[], schema: string): Promise<string> =>
  withSchemaEngine(':memory:', async (engine) => {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'migrations', ...migrationList(folder, migrations) },
      to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schema }] },
      script: true,
      exitCode: true,
      filters,
    })
    return exitCode === 0 ? '' : (stdout ?? '')
  })
