import { randomBytes } from 'node:crypto'
import { type AgendaBackend, InMemoryNotificationChannel } from 'agenda'
import pTimeout from 'p-timeout'
import type { Database } from '../database/client.ts'
import type { Log } from '../log.ts'
import type { Secret } from '../secrets/secret.ts'
import { createEmbeddedBackend } from './embedded/backend.ts'
import { queueProblem } from './queue-problem.ts'
import { queueTimeout } from './timeout.ts'

/** The database of the queue cannot be used; the message says why, and holds no password. */
export class QueueUnusable extends Error {}

interface BackendOptions {
  /** Where the queue is kept; null for the records. */
  readonly url: Secret | null
  readonly db: Database
  readonly log: Log
}

/** Milliseconds after which a server that does not answer counts as gone. */
const timeout = 10_000

/**
 * What the queue's table or collection is called: several Borgitories may use one database, and an entry is only of use to
 * the one whose records it names.
 */
const readQueueName = async (db: Database): Promise<string> => {
  const id = 1
  const made = `borgitory_${randomBytes(8).toString('hex')}`
  const { queueName } = await db.settings.upsert({ where: { id }, create: { id, queueName: made }, update: {} })
  if (queueName !== null) return queueName
  await db.settings.update({ where: { id }, data: { queueName: made } })
  return made
}

/** A connection, and the official backend on it. */
interface Connected {
  readonly backend: AgendaBackend
  close(): Promise<unknown>
}

// Loaded where they are used only: the drivers take 20 MB.

const connectPostgres = async (url: string, name: string, log: Log): Promise<Connected> => {
  const { Pool } = (await import('pg')).default
  const { PostgresBackend } = await import('@agendajs/postgres-backend')
  const pool = new Pool({
    connectionString: url,
    application_name: 'borgitory',
    max: 5,
    connectionTimeoutMillis: timeout,
    query_timeout: timeout,
    keepAlive: true,
  })
  // Without a listener, a connection that breaks while it is idle would end the process.
  pool.on('error', (error) => {
    // Not the error itself: it carries the driver's whole connection, and what it takes to cancel its queries.
    const reason = queueProblem(error, url)
    log.warn({ reason }, 'A connection to the queue broke; it is made anew when needed')
  })
  const backend = new PostgresBackend({
    pool,
    tableName: name,
    logTableName: `${name}_log`,
    disableNotifications: true,
  })
  const close = () => pool.end()
  await backend.connect().catch((error: unknown) => {
    void close()
    throw error
  })
  return { backend, close }
}

const connectMongo = async (url: string, name: string): Promise<Connected> => {
  const { MongoBackend, MongoClient } = await import('@agendajs/mongo-backend')
  const said = new URLSearchParams(url.split('?')[1])
  const usual = {
    appName: 'borgitory',
    maxPoolSize: 5,
    connectTimeoutMS: timeout,
    serverSelectionTimeoutMS: timeout,
    socketTimeoutMS: timeout,
  }
  // The driver would take these although the address says otherwise.
  const client = new MongoClient(url, Object.fromEntries(Object.entries(usual).filter(([name]) => !said.has(name))))
  const close = () => client.close()
  try {
    await client.connect()
    const backend = new MongoBackend({ mongo: client.db(), collection: name, logCollection: `${name}_log` })
    await backend.connect()
    return { backend, close }
  } catch (error) {
    void close()
    throw error
  }
}

/**
 * The backend of the queue, connected. One server works with the records, so a new entry need only be announced within
 * this process: no other is to start it. Throws `QueueUnusable`.
 */
export const openBackend = async ({ url, db, log }: BackendOptions): Promise<AgendaBackend> => {
  if (url === null) return createEmbeddedBackend(db)
  const address = url.reveal()
  const name = await readQueueName(db)
  const connecting = address.startsWith('mongodb') ? connectMongo(address, name) : connectPostgres(address, name, log)
  const { backend, close } = await connecting.catch((error: unknown) => {
    throw new QueueUnusable(`The queue’s database (AGENDA_URL) cannot be used: ${queueProblem(error, address)}.`)
  })
  let closing: Promise<unknown> | undefined
  return {
    name: backend.name,
    repository: backend.repository,
    logger: backend.logger,
    notificationChannel: new InMemoryNotificationChannel(),
    ownsConnection: true,
    // Agenda would not say that it failed.
    async connect() {},
    async disconnect() {
      // A server that is gone does not answer a farewell.
      closing ??= pTimeout(close(), queueTimeout).catch(() => {})
      await closing
    },
  }
}
