/** A server of its own on the SQLite file that it is told, which takes and saves what others do at the same time. */
import { once } from 'node:events'
import { createEmbeddedBackend } from '../../../server/agenda/embedded/backend.ts'
import { openDatabase } from '../../../server/database/client.ts'

export interface Race {
  readonly taken: readonly string[]
  readonly saved: readonly string[]
}

const [file = ''] = process.argv.slice(2)
const db = await openDatabase(file)
const { repository } = createEmbeddedBackend(db)
const turn = { type: 'normal', priority: 0, nextRunAt: new Date() } as const

process.send?.('ready')
await once(process, 'message')

const taken: string[] = []
for (;;) {
  const entry = await repository.getNextJobToRun('take', new Date(), new Date(0), undefined, undefined)
  if (!entry) break
  taken.push(String(entry._id))
}

const saved: string[] = []
for (let user = 0; user < 100; user++) {
  const unique = { ...turn, name: 'unique', data: { user }, unique: { 'data.user': user } }
  saved.push(String((await repository.saveJob(unique, undefined))._id))
  const single = { ...turn, name: `single ${user}`, type: 'single' as const, data: {} }
  saved.push(String((await repository.saveJob(single, undefined))._id))
}

await db.$disconnect()
process.send?.({ taken, saved } satisfies Race)
process.disconnect()
