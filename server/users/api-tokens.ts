import { z } from 'zod'
import { type ApiToken, Prisma } from '../../prisma/generated/client/client.ts'
import { ApiTokenScope } from '../../prisma/generated/client/enums.ts'
import type { Database } from '../database/client.ts'
import type { Log } from '../log.ts'
import { InvalidInput, NameTaken, validated } from '../problems.ts'
import { nameInput } from '../repositories/name.ts'
import { ApiTokenNotFound, ApiTokenWrong } from './problems.ts'
import { makeViewer, type Viewer } from './rights.ts'
import { hashToken, newToken } from './session.ts'
import type { Throttle } from './throttle.ts'
import type { UseNotes } from './use-notes.ts'

/** What every token begins with, so that programs which look for secrets in files know one. */
const prefix = 'borgitory_'

/** What a token looks like: what does not is not looked for. */
const tokenPattern = /^borgitory_[\w-]{43}$/

/** Milliseconds between two notes of a token's use. */
const useInterval = 60_000

/** Tokens of one person. */
const mostTokens = 100

const createInput = z.object({
  name: nameInput,
  scope: z.enum(ApiTokenScope),
  expiresAt: z
    .date()
    .refine((time) => time > new Date(), 'must be in the future')
    .nullish(),
})

/** Who may see or remove which tokens: an administrator all, others their own. */
export const visibleTokens = (viewer: Viewer | null): { userId?: string } =>
  viewer?.mayAdminister ? {} : { userId: viewer?.userId ?? '' }

interface Parts {
  readonly db: Database
  readonly log: Log
  readonly throttle: Throttle
  readonly noteUse: UseNotes
  /** Ends what goes on by a token. */
  readonly end: (credentialId: string) => void
}

/** What programs ask with in the place of a person. */
export interface ApiTokens {
  /** Makes one for its owner; `token` itself is told this once. Throws `NameTaken`, `InvalidInput`. */
  create(
    owner: Viewer,
    input: { name: string; scope: ApiTokenScope; expiresAt?: Date | null | undefined },
  ): Promise<{ apiToken: ApiToken; token: string }>
  /** Removes one that the viewer may see; what it was used for ends at once. Throws `ApiTokenNotFound`. */
  remove(viewer: Viewer, id: string): Promise<void>
  /** Whom a token stands for. `address` is the IP address that it came from. Throws `ApiTokenWrong`, `TooManyAttempts`. */
  viewerOf(token: string, address: string): Promise<Viewer>
}

export const createApiTokens = ({ db, log, throttle, noteUse, end }: Parts): ApiTokens => ({
  create: async ({ userId }, input) => {
    const { name, scope, expiresAt = null } = validated(createInput, input)
    if ((await db.apiToken.count({ where: { userId } })) >= mostTokens) {
      throw new InvalidInput([{ path: [], message: `You have ${mostTokens} API tokens already: remove one first.` }])
    }
    const token = prefix + newToken()
    try {
      const apiToken = await db.apiToken.create({
        data: { userId, name, scope, expiresAt, tokenHash: hashToken(token) },
      })
      log.info({ userId, apiTokenId: apiToken.id, scope }, 'API token made')
      return { apiToken, token }
    } catch (error) {
      if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') throw error
      throw new NameTaken('token', name)
    }
  },

  remove: async (viewer, id) => {
    const { count } = await db.apiToken.deleteMany({ where: { id, ...visibleTokens(viewer) } })
    if (count === 0) throw new ApiTokenNotFound()
    log.info({ userId: viewer.userId, apiTokenId: id }, 'API token removed')
    end(id)
  },

  viewerOf: async (token, address) => {
    const found = tokenPattern.test(token)
      ? await db.apiToken.findUnique({ where: { tokenHash: hashToken(token) }, include: { user: true } })
      : null
    const now = new Date()
    if (found === null || (found.expiresAt !== null && found.expiresAt <= now)) {
      await throttle.countToken(address)
      log.warn({ address, apiTokenId: found?.id }, 'API token refused')
      throw new ApiTokenWrong()
    }
    if (found.lastUsedAt === null || now.getTime() - found.lastUsedAt.getTime() >= useInterval) {
      // Not `update`: that fails where it was removed since it was read.
      noteUse('an API token', found.id, () =>
        db.apiToken.updateMany({ where: { id: found.id }, data: { lastUsedAt: now } }),
      )
    }
    return makeViewer(found.user, found.id, found.scope)
  },
})
