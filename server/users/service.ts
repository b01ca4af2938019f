import { createHash, timingSafeEqual } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { z } from 'zod'
import type { User, UserRole } from '../../prisma/generated/client/client.ts'
import type { Config } from '../config.ts'
import type { Database } from '../database/client.ts'
import type { Log } from '../log.ts'
import { validated } from '../problems.ts'
import { createDevices } from './devices.ts'
import { hashPassword, isPasswordOf } from './password.ts'
import { AlreadySetUp, CredentialsWrong, SetupTokenWrong } from './problems.ts'
import { expiryFrom, hashToken, isUseStale, newToken } from './session.ts'
import { createThrottle } from './throttle.ts'

/** Somebody who is signed in. */
export interface Viewer {
  readonly userId: string
  readonly username: string
  readonly role: UserRole
  readonly sessionId: string
}

/** A session that has just begun. Its token is shown once, to the browser or script that asked. */
export interface SignedIn {
  readonly user: User
  readonly token: string
  /** By which the browser or script is known from now on. It signs nobody in. */
  readonly deviceToken: string
}

/**
 * Who may use Borgitory, and who does. `address` is the IP address that a request came from, `deviceToken` what it
 * wants its browser to be known by.
 */
export interface Users {
  /** Whether an administrator exists. */
  isSetUp(): Promise<boolean>
  /** Makes the first administrator and signs them in. Throws `AlreadySetUp`, `SetupTokenWrong`, `TooManyAttempts`, `InvalidInput`. */
  setUp(
    input: { setupToken: string; username: string; password: string },
    address: string,
    deviceToken?: string | null,
  ): Promise<SignedIn>
  /** Begins a session. Throws `CredentialsWrong`, `TooManyAttempts`, `InvalidInput`. */
  signIn(input: { username: string; password: string }, address: string, deviceToken?: string | null): Promise<SignedIn>
  /** Ends the session of the token. False where there was none. */
  signOut(token: string | null): Promise<boolean>
  /** Who a token stands for; null where its session has ended. Using a session keeps it alive. */
  viewerOf(token: string | null): Promise<Viewer | null>
  /** Tells the id of each session that a person ends. Returns what stops the telling. */
  onSignOut(listener: (sessionId: string) => void): () => void
}

const username = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'has 1 to 64 letters, digits, dots, underscores or dashes')
  .toLowerCase()

/** A limit, so that hashing cannot be made to take long. */
const longestPassword = 1024

const setUpInput = z.object({
  // Its line end, or a blank, comes along when it is copied.
  setupToken: z.string().trim().max(longestPassword, 'is too long'),
  username,
  password: z.string().min(12, 'has 12 characters or more').max(longestPassword, 'is too long'),
})

const signInInput = z.object({ username, password: z.string().max(longestPassword, 'is too long') })

/** Compares hashes, which have one length, so that the time taken tells nothing. */
const isSame = (left: string, right: string) => {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(left), digest(right))
}

export const createUsers = ({ db, config, log }: { db: Database; config: Config; log: Log }): Users => {
  const throttle = createThrottle()
  const devices = createDevices(db)
  const signOuts = new EventEmitter<{ signedOut: [sessionId: string] }>().setMaxListeners(0)

  const isSetUp = async () => (await db.user.findFirst({ select: { id: true } })) !== null

  const beginSession = async (user: User, deviceToken: string | null): Promise<SignedIn> => {
    const token = newToken()
    const now = new Date()
    await db.session.create({ data: { tokenHash: hashToken(token), userId: user.id, expiresAt: expiryFrom(now) } })
    return { user, token, deviceToken: await devices.remember(user.id, deviceToken) }
  }

  const noting = new Set<string>()

  /** Nobody waits for it: who only reads is neither held up by a lock on the records, nor refused because their disk is full. */
  const noteUse = (id: string, now: Date) => {
    if (noting.has(id)) return
    noting.add(id)
    // Not `update`: that fails where the session was ended since it was read.
    db.session
      .updateMany({ where: { id }, data: { lastUsedAt: now, expiresAt: expiryFrom(now) } })
      .catch((error: unknown) => log.warn({ err: error }, 'the use of a session cannot be written down'))
      .finally(() => noting.delete(id))
  }

  return {
    isSetUp,

    setUp: async (input, address, deviceToken = null) => {
      const { setupToken, username, password } = validated(setUpInput, input)
      if (await isSetUp()) throw new AlreadySetUp()
      const attempt = { address, account: null, device: null }
      await throttle.count(attempt)
      if (!isSame(setupToken, config.setupToken.reveal())) {
        log.warn({ address }, 'set-up refused: wrong token')
        throw new SetupTokenWrong()
      }
      const passwordHash = await hashPassword(password, 'known')
      // Transactions run one after the other, so of two people with the token only one finds no user.
      const user = await db.$transaction(async (transaction) => {
        if ((await transaction.user.count()) > 0) throw new AlreadySetUp()
        return transaction.user.create({ data: { username, passwordHash, role: 'ADMINISTRATOR' } })
      })
      await throttle.forgive(attempt)
      log.info({ address, userId: user.id }, 'set up')
      return beginSession(user, deviceToken)
    },

    signIn: async (input, address, deviceToken = null) => {
      const { username, password } = validated(signInInput, input)
      const device = await devices.find(username, deviceToken)
      const attempt = { address, account: username, device }
      await throttle.count(attempt)
      const user = await db.user.findUnique({ where: { username } })
      const lane = device === null ? 'strangers' : 'known'
      if (!(await isPasswordOf(user?.passwordHash, password, lane)) || !user) {
        log.warn({ address, userId: user?.id }, 'sign-in refused')
        throw new CredentialsWrong()
      }
      await throttle.forgive(attempt)
      log.info({ address, userId: user.id }, 'signed in')
      return beginSession(user, deviceToken)
    },

    signOut: async (token) => {
      if (token === null) return false
      const tokenHash = hashToken(token)
      const session = await db.session.findUnique({ where: { tokenHash }, select: { id: true } })
      if (!session) return false
      const { count } = await db.session.deleteMany({ where: { tokenHash } })
      signOuts.emit('signedOut', session.id)
      return count > 0
    },

    viewerOf: async (token) => {
      if (token === null) return null
      const session = await db.session.findUnique({ where: { tokenHash: hashToken(token) }, include: { user: true } })
      const now = new Date()
      if (!session || session.expiresAt <= now) return null
      if (isUseStale(session.lastUsedAt, now)) noteUse(session.id, now)
      const { id: userId, username, role } = session.user
      return { userId, username, role, sessionId: session.id }
    },

    onSignOut: (listener) => {
      signOuts.on('signedOut', listener)
      return () => signOuts.off('signedOut', listener)
    },
  }
}
