import { type AgendaBackend, InMemoryNotificationChannel } from 'agenda'
import type { Database } from '../../database/client.ts'
import { createEntries } from './entries.ts'
import { createJournal } from './log.ts'

/**
 * Agenda on our own records (Agenda's "Custom Backend Driver"). Several servers may share the records: none gets what
 * another has locked. A new entry is announced within its process only, so other servers find it when they look next.
 * The records stay open when Agenda stops.
 */
export const createEmbeddedBackend = (db: Database): AgendaBackend => ({
  name: 'embedded',
  repository: createEntries(db),
  notificationChannel: new InMemoryNotificationChannel(),
  logger: createJournal(db),
  ownsConnection: false,
  async connect() {},
  async disconnect() {},
})
