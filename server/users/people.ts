import { z } from 'zod'
import { Prisma, type User } from '../../prisma/generated/client/client.ts'
import { UserRole } from '../../prisma/generated/client/enums.ts'
import type { Database } from '../database/client.ts'
import type { Log } from '../log.ts'
import { NameTaken, validated } from '../problems.ts'
import { givenPassword, newPassword, username } from './inputs.ts'
import { hashPassword, isPasswordOf } from './password.ts'
import { CredentialsWrong, LastAdministrator, OwnAccount, TooManyAttempts, UserNotFound } from './problems.ts'
import type { Viewer } from './rights.ts'
import type { Throttle } from './throttle.ts'

const createInput = z.object({ username, password: newPassword, role: z.enum(UserRole) })

const passwordInput = z.object({ currentPassword: givenPassword, newPassword })

interface Parts {
  readonly db: Database
  readonly log: Log
  readonly throttle: Throttle
  /** Ends what goes on by a session or an API token. */
  readonly end: (credentialId: string) => void
}

/** Those who sign in. */
export interface People {
  /** Makes an account. Throws `NameTaken`, `TooManyAttempts`, `InvalidInput`. */
  create(by: Viewer, input: { username: string; password: string; role: UserRole }): Promise<User>
  /** Removes an account with its sessions and API tokens, which end at once. Throws `UserNotFound`, `OwnAccount`, `LastAdministrator`. */
  remove(by: Viewer, id: string): Promise<void>
  /**
   * Gives the viewer another password and ends all their sessions but this one; API tokens stay. `address` is the IP address
   * that they ask from. Throws `CredentialsWrong`, `TooManyAttempts`, `InvalidInput`.
   */
  changePassword(
    viewer: Viewer,
    input: { currentPassword: string; newPassword: string },
    address: string,
  ): Promise<User>
}

type ChangePassword = People['changePassword']

/** One change of a password at a time for each person: hashing takes long, and others wait for it. Throws `TooManyAttempts`. */
const alone = (change: ChangePassword): ChangePassword => {
  const changing = new Set<string>()
  return async (viewer, ...rest) => {
    if (changing.has(viewer.userId)) throw new TooManyAttempts(1)
    changing.add(viewer.userId)
    return change(viewer, ...rest).finally(() => changing.delete(viewer.userId))
  }
}

export const createPeople = ({ db, log, throttle, end }: Parts): People => ({
  create: async (by, input) => {
    const { username, password, role } = validated(createInput, input)
    const passwordHash = await hashPassword(password, 'known')
    try {
      const user = await db.user.create({ data: { username, passwordHash, role } })
      log.info({ userId: user.id, role, by: by.userId }, 'account made')
      return user
    } catch (error) {
      if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') throw error
      throw new NameTaken('person', username)
    }
  },

  remove: async (by, id) => {
    if (id === by.userId) throw new OwnAccount()
    const ended = await db.$transaction(async (transaction) => {
      const user = await transaction.user.findUnique({
        where: { id },
        select: { role: true, sessions: { select: { id: true } }, apiTokens: { select: { id: true } } },
      })
      if (user === null) throw new UserNotFound()
      if (user.role === 'ADMINISTRATOR' && (await transaction.user.count({ where: { role: 'ADMINISTRATOR' } })) === 1) {
        throw new LastAdministrator()
      }
      await transaction.user.delete({ where: { id }, select: { id: true } })
      return [...user.sessions, ...user.apiTokens]
    })
    log.info({ userId: id, by: by.userId }, 'account removed')
    for (const credential of ended) end(credential.id)
  },

  changePassword: alone(async ({ userId, credentialId, username }, input, address) => {
    const { currentPassword, newPassword } = validated(passwordInput, input)
    // Counted by the session: whoever guesses here has one, and locks nobody else out.
    const attempt = { address, account: username, device: credentialId }
    await throttle.count(attempt)
    const user = await db.user.findUnique({ where: { id: userId } })
    if (!(await isPasswordOf(user?.passwordHash, currentPassword, 'known')) || !user) {
      log.warn({ address, userId }, 'change of a password refused')
      throw new CredentialsWrong()
    }
    await throttle.forgive(attempt)
    const passwordHash = await hashPassword(newPassword, 'known')
    const others = { userId, id: { not: credentialId } }
    const [changed, ended] = await db.$transaction(async (transaction) => {
      const sessions = await transaction.session.findMany({ where: others, select: { id: true } })
      await transaction.session.deleteMany({ where: others })
      const { count } = await transaction.user.updateMany({
        where: { id: userId, passwordHash: user.passwordHash },
        data: { passwordHash },
      })
      if (count === 0) throw new CredentialsWrong()
      return [await transaction.user.findUniqueOrThrow({ where: { id: userId } }), sessions] as const
    })
    log.info({ userId }, 'password changed')
    for (const { id } of ended) end(id)
    return changed
  }),
})
