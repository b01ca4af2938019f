import type { Chore } from '../chore.ts'
import type { Database } from '../database/client.ts'

/** Removes the sessions and devices that are good for nothing any more. */
export const expiredSessions = (db: Database): Chore => ({
  name: 'remove expired sessions',
  every: 3_600_000,
  async work() {
    const expired = { expiresAt: { lte: new Date() } }
    await db.session.deleteMany({ where: expired })
    await db.device.deleteMany({ where: expired })
  },
})
