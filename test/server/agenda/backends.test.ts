import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { pino } from 'pino'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../../../server/agenda/backends.ts'
import { queueProblem } from '../../../server/agenda/queue-problem.ts'
import { Secret } from '../../../server/secrets/secret.ts'
import { cleanUpAfter } from '../../support/cleanup.ts'
import { type Ferretdb, hasFerretdb, orSkipped, startFerretdb } from '../../support/ferretdb.ts'
import { type Postgres, startPostgres } from '../../support/postgres.ts'
import { openRecords, recordsFile } from '../../support/records.ts'
import { describeBackend } from './describe-backend.ts'

const log = pino({ enabled: false })
/** A real MongoDB, where there is one: none can be installed by itself. */
const mongo = process.env.MONGODB_URL

let postgres: Postgres
let ferretdb: Ferretdb

beforeAll(async () => {
  postgres = await startPostgres()
  if (hasFerretdb && !mongo) ferretdb = await startFerretdb()
})

const open = async (url: string, file?: string) => {
  const backend = await openBackend({ url: new Secret(url), db: await openRecords(file), log })
  cleanUpAfter(() => backend.disconnect())
  return backend
}

describeBackend('PostgreSQL', () => open(postgres.url()))

if (mongo) describeBackend('MongoDB', () => open(mongo))
else if (hasFerretdb) describeBackend('MongoDB (FerretDB)', () => open(ferretdb.url), { isAtomic: false })
else describe.skip(`MongoDB backend${orSkipped}`, () => it('should pass the same tests', () => {}))

describe('a queue in a database of its own', () => {
  const entry = { name: 'back up', type: 'normal', priority: 0, nextRunAt: new Date(0), data: {} } as const

  it('should be the same for the same records, and another for others', async () => {
    const file = recordsFile()
    const first = await open(postgres.url(), file)
    await first.repository.saveJob(entry, undefined)

    const again = await open(postgres.url(), file)
    const other = await open(postgres.url())

    expect((await again.repository.queryJobs()).total).toBe(1)
    expect((await other.repository.queryJobs()).total).toBe(0)
  })

  it('should say why it cannot be used, and never the password', async () => {
    const password = 'correct horse'
    const withDatabase = (name: string) => postgres.url().replace(/[^/]*$/, name)
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    cleanUpAfter(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const refusals: readonly (readonly [url: string, words: string])[] = [
      [`postgresql://ada:${encodeURIComponent(password)}@127.0.0.1:1/queue`, 'nothing listens at its address'],
      [
        `mongodb://ada:${encodeURIComponent(password)}@127.0.0.1:1/queue?serverSelectionTimeoutMS=500`,
        'nothing listens at its address',
      ],
      ['postgresql://ada@nowhere.invalid/queue', 'its host'],
      [postgres.url('ada', password), 'it refuses this user name or password'],
      [withDatabase('nowhere'), 'it has no database of that name'],
      [`postgresql://ada:${encodeURIComponent(password)}@127.0.0.1:${port}/queue`, 'Connection terminated'],
      [`mongodb://ada:${encodeURIComponent(password)}@127.0.0.1/queue?authMechanism=none`, ''],
    ]
    await Promise.all(
      refusals.map(async ([url, words]) => {
        const refused = await open(url).then(
          () => 'it was opened',
          (error: Error) => `${error.constructor.name}: ${error.message}`,
        )
        expect(refused).toContain('QueueUnusable: The queue’s database (AGENDA_URL) cannot be used: ')
        expect(refused).toContain(words)
        for (const secret of [password, encodeURIComponent(password)]) expect(refused).not.toContain(secret)
      }),
    )
  })

  it('should say nothing secret of an address, wherever in it a password stands', () => {
    for (const url of [
      'postgresql://ada:s3cret%20word@host/queue',
      'postgresql://ada@host/queue?sslmode=require&password=s3cret%20word',
      'mongodb://ada@host/queue?tlsCertificateKeyFilePassword=s3cret%20word#x',
    ]) {
      const said = queueProblem(new Error(`no use: s3cret%20word, s3cret word, ${url}`), url)
      expect(said).toBe('no use: …, …, …')
    }
  })

  it('should log in words that an idle connection broke, and nothing of the connection itself', async () => {
    const logged = Promise.withResolvers<string>()
    const backend = await openBackend({
      url: new Secret(postgres.url()),
      db: await openRecords(),
      log: pino({ base: undefined, timestamp: false }, { write: logged.resolve }),
    })
    cleanUpAfter(() => backend.disconnect())
    await postgres.stop()
    expect(JSON.parse(await logged.promise)).toEqual({
      level: 40,
      msg: 'A connection to the queue broke; it is made anew when needed',
      reason: expect.stringContaining('terminating connection'),
    })
    await postgres.start()
  })
})
