import { createHash, timingSafeEqual } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { z } from 'zod'
import type { User } from '../../prisma/generated/client/client.ts'
import type { Config } from '../config.ts'
import type { Database } from '../database/client.ts'
import type { Log } from '../log.ts'
import { validated } from '../problems.ts'
import { type ApiTokens, createApiTokens } from './api-tokens.ts'
import { createDevices } from './devices.ts'
import { givenPassword, longestPassword, newPassword, username } from './inputs.ts'
import { hashPassword, isPasswordOf } from './password.ts'
import { createPeople, type People } from './people.ts'
import { AlreadySetUp, CredentialsWrong, SetupTokenWrong } from './problems.ts'
import { makeViewer, type Viewer } from './rights.ts'
import { expiryFrom, hashToken, isUseStale, newToken } from './session.ts'
import { createThrottle } from './throttle.ts'
import { createUseNotes } from './use-notes.ts'

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
  /** Whom the token of a session stands for; null where it has ended. Using a session keeps it alive. */
  viewerOf(token: string | null): Promise<Viewer | null>
  /** Tells the id of each session and of each API token that a person ends. Returns what stops the telling. */
  onSignOut(listener: (credentialId: string) => void): () => void
  readonly apiTokens: ApiTokens
  readonly people: People
}

const setUpInput = z.object({
  // Its line end, or a blank, comes along when it is copied.
  setupToken: z.string().trim().max(longestPassword, 'is too long'),
  username,
  password: newPassword,
})

const signInInput = z.object({ username, password: givenPassword })

/** Compares hashes, which have one length, so that the time taken tells nothing. */
const isSame = (left: string, right: string) => {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(left), digest(right))
}

export const createUsers = ({ db, config, log }: { db: Database; config: Config; log: Log }): Users => {
  const throttle = createThrottle()
  const devices = createDevices(db)
  const signOuts = new EventEmitter<{ signedOut: [credentialId: string] }>().setMaxListeners(0)
  const end = (credentialId: string) => {
    signOuts.emit('signedOut', credentialId)
  }
  const noteUse = createUseNotes(log)

  const isSetUp = async () => (await db.user.findFirst({ select: { id: true } })) !== null

  /** Throws `CredentialsWrong` where the account was removed, or given another password, since `user` was read. */
  const beginSession = async (user: User, deviceToken: string | null): Promise<SignedIn> => {
    const token = newToken()
    const expiresAt = expiryFrom(new Date())
    const { id: userId, passwordHash } = user
    await db.$transaction(async (transaction) => {
      // A write, so that whoever changes the password comes before it or after it.
      const { count } = await transaction.user.updateMany({
        where: { id: userId, passwordHash },
        data: { passwordHash },
      })
      if (count === 0) throw new CredentialsWrong()
      await transaction.session.create({ data: { tokenHash: hashToken(token), userId, expiresAt } })
    })
    return { user, token, deviceToken: await devices.remember(userId, deviceToken) }
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
      end(session.id)
      return count > 0
    },

    viewerOf: async (token) => {
      if (token === null) return null
      const session = await db.session.findUnique({ where: { tokenHash: hashToken(token) }, include: { user: true } })
      const now = new Date()
      if (!session || session.expiresAt <= now) return null
      if (isUseStale(session.lastUsedAt, now)) {
        const { id } = session
        // Not `update`: that fails where the session was ended since it was read.
        noteUse('a session', id, () =>
          db.session.updateMany({ where: { id }, data: { lastUsedAt: now, expiresAt: expiryFrom(now) } }),
        )
      }
      return makeViewer(session.user, session.id)
    },

    onSignOut: (listener) => {
      signOuts.on('signedOut', listener)
      return () => signOuts.off('signedOut', listener)
    },

    apiTokens: createApiTokens({ db, log, throttle, noteUse, end }),
    people: createPeople({ db, log, throttle, end }),
  }
}
