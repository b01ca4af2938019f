import type { Database } from '../database/client.ts'
import { hashToken, newToken } from './session.ts'

/** As long as browsers keep a cookie, in milliseconds. */
const lifetime = 400 * 24 * 60 * 60 * 1000

/** How many are kept for an account: a script that keeps no cookies makes one with each sign-in. */
const mostPerAccount = 1_000

/** The browsers and scripts that accounts were signed in to from. A token is for one account. */
export const createDevices = (db: Database) => ({
  /** What the device is told by, in memory; null where the token is none of this account's. */
  find: async (username: string, token: string | null): Promise<string | null> => {
    if (token === null) return null
    const where = { tokenHash: hashToken(token), user: { username }, expiresAt: { gt: new Date() } }
    const device = await db.device.findFirst({ where, select: { tokenHash: true } })
    return device?.tokenHash ?? null
  },

  /** Keeps a device in mind that an account was just signed in to from. Gives its token: a new one where it had none that is right. */
  remember: async (userId: string, token: string | null): Promise<string> => {
    const now = new Date()
    const expiresAt = new Date(now.getTime() + lifetime)
    if (token !== null) {
      const { count } = await db.device.updateMany({
        where: { tokenHash: hashToken(token), userId, expiresAt: { gt: now } },
        data: { expiresAt },
      })
      if (count > 0) return token
    }
    const created = newToken()
    await db.device.create({ data: { tokenHash: hashToken(created), userId, expiresAt } })
    const surplus = await db.device.findMany({
      where: { userId },
      orderBy: { expiresAt: 'desc' },
      skip: mostPerAccount,
      select: { tokenHash: true },
    })
    if (surplus.length > 0) {
      await db.device.deleteMany({ where: { tokenHash: { in: surplus.map(({ tokenHash }) => tokenHash) } } })
    }
    return created
  },
})
