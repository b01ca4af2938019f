import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { InvalidInput } from '../../../server/problems.ts'
import { expiredSessions } from '../../../server/users/expired.ts'
import { AlreadySetUp, CredentialsWrong, SetupTokenWrong, TooManyAttempts } from '../../../server/users/problems.ts'
import type { Users } from '../../../server/users/service.ts'
import { administrator } from '../../support/api-client.ts'
import { createApp } from '../../support/app.ts'
import { setupToken } from '../../support/server-process.ts'

const address = '192.0.2.1'
const day = 24 * 60 * 60 * 1000

const createUsers = async () => {
  const { app, log } = await createApp()
  return { users: app.users, db: app.db, log }
}

const createSignedIn = async () => {
  const created = await createUsers()
  return { ...created, ...(await created.users.setUp({ setupToken, ...administrator }, address)) }
}

describe('set-up', () => {
  it('should make one administrator and sign them in', async () => {
    const { users, db } = await createUsers()
    expect(await users.isSetUp()).toBe(false)
    const { user, token } = await users.setUp({ setupToken, ...administrator }, address)
    expect(await users.isSetUp()).toBe(true)
    expect(user).toMatchObject({ username: 'ada', role: 'ADMINISTRATOR' })
    expect(await users.viewerOf(token)).toMatchObject({ userId: user.id, username: 'ada', role: 'ADMINISTRATOR' })
    expect(await db.user.count()).toBe(1)
  })

  it('should make one administrator when two people try at once', async () => {
    const { users, db } = await createUsers()
    const attempts = ['ada', 'grace', 'edsger', 'barbara'].map((username) =>
      users.setUp({ setupToken, ...administrator, username }, address),
    )
    const results = await Promise.allSettled(attempts)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(AlreadySetUp)
    }
    expect(await db.user.count()).toBe(1)
    expect(await db.session.count()).toBe(1)
  })

  it('should take the token with the blanks and the line end that it was copied with', async () => {
    const { users } = await createUsers()
    await users.setUp({ setupToken: ` ${setupToken}\r\n`, ...administrator }, address)
    expect(await users.isSetUp()).toBe(true)
  })

  it('should refuse another token', async () => {
    const { users } = await createUsers()
    for (const wrong of ['', `${setupToken}x`, setupToken.slice(1), setupToken.toUpperCase()]) {
      await expect(users.setUp({ setupToken: wrong, ...administrator }, address)).rejects.toThrow(SetupTokenWrong)
    }
    expect(await users.isSetUp()).toBe(false)
  })

  it('should refuse the right token once somebody exists', async () => {
    const { users } = await createSignedIn()
    await expect(users.setUp({ setupToken, ...administrator, username: 'eve' }, address)).rejects.toThrow(AlreadySetUp)
  })

  it.each([
    ['password', { password: 'elevenchars' }],
    ['password', { password: 'x'.repeat(1025) }],
    ['username', { username: '' }],
    ['username', { username: 'x'.repeat(65) }],
    ['username', { username: 'a b' }],
    ['username', { username: '<script>' }],
  ])('should refuse a %s: %j', async (field, change) => {
    const { users } = await createUsers()
    const attempt = users.setUp({ setupToken, ...administrator, ...change }, address)
    await expect(attempt).rejects.toThrow(InvalidInput)
    await expect(attempt).rejects.toMatchObject({ fields: [{ path: [field] }] })
    expect(await users.isSetUp()).toBe(false)
  })

  it('should be slowed down', async () => {
    const { users } = await createUsers()
    const wrong = { setupToken: 'wrong', ...administrator }
    for (let attempt = 0; attempt < 10; attempt++) {
      await expect(users.setUp(wrong, address)).rejects.toThrow(SetupTokenWrong)
    }
    await expect(users.setUp(wrong, address)).rejects.toThrow(TooManyAttempts)
    await expect(users.setUp({ setupToken, ...administrator }, address)).rejects.toThrow(TooManyAttempts)
  })
})

describe('sign-in', () => {
  it('should not tell upper from lower case in the username', async () => {
    const { users, user } = await createSignedIn()
    expect((await users.signIn({ ...administrator, username: 'ADA' }, address)).user.id).toBe(user.id)
  })

  it('should say the same of a wrong password and an unknown username', async () => {
    const { users } = await createSignedIn()
    const wrong = await users.signIn({ ...administrator, password: 'wrong' }, address).catch((error) => error)
    const unknown = await users.signIn({ ...administrator, username: 'eve' }, address).catch((error) => error)
    expect(wrong).toBeInstanceOf(CredentialsWrong)
    expect(unknown).toBeInstanceOf(CredentialsWrong)
    expect(wrong.message).toBe(unknown.message)
  })

  it('should take as long for an unknown username as for a wrong password', async () => {
    const { users } = await createSignedIn()
    const shortest = { ada: Number.POSITIVE_INFINITY, eve: Number.POSITIVE_INFINITY }
    // In turn, so that a moment in which the machine is busy is one for both.
    for (let attempt = 0; attempt < 8; attempt++) {
      for (const username of ['ada', 'eve'] as const) {
        const start = performance.now()
        const refused = users.signIn({ username, password: 'wrong' }, `192.0.2.${attempt}`)
        await expect(refused).rejects.toThrow(CredentialsWrong)
        shortest[username] = Math.min(shortest[username], performance.now() - start)
      }
    }
    // Without the hash an unknown username is answered in a hundredth of the time.
    expect(shortest.eve).toBeGreaterThan(shortest.ada / 3)
  })

  it('should be slowed down by account, from wherever it comes', async () => {
    const { users } = await createSignedIn()
    for (let attempt = 0; attempt < 10; attempt++) {
      const guess = users.signIn({ ...administrator, password: 'wrong' }, `192.0.2.${attempt}`)
      await expect(guess).rejects.toThrow(CredentialsWrong)
    }
    const refused = await users.signIn(administrator, '192.0.2.99').catch((error) => error)
    expect(refused).toBeInstanceOf(TooManyAttempts)
    expect(refused.retryAfter).toBeGreaterThan(800)
    expect(refused.retryAfter).toBeLessThanOrEqual(900)
  })

  it('should be slowed down by address, for whomever it asks', async () => {
    const { users } = await createSignedIn()
    const guesses = Array.from({ length: 40 }, (_, attempt) =>
      users.signIn({ username: `user${attempt}`, password: 'wrong' }, address),
    )
    const results = await Promise.allSettled(guesses)
    const looked = results.filter((result) => result.status === 'rejected' && result.reason instanceof CredentialsWrong)
    expect(looked).toHaveLength(30)
    await expect(users.signIn(administrator, address)).rejects.toThrow(TooManyAttempts)
    await expect(users.signIn(administrator, '192.0.2.2')).resolves.toBeDefined()
  })

  it('should count attempts that come at once', async () => {
    const { users } = await createSignedIn()
    const guesses = Array.from({ length: 25 }, () => users.signIn({ ...administrator, password: 'wrong' }, address))
    const results = await Promise.allSettled(guesses)
    const looked = results.filter((result) => result.status === 'rejected' && result.reason instanceof CredentialsWrong)
    expect(looked).toHaveLength(10)
  })

  it('should begin anew after a success', async () => {
    const { users } = await createSignedIn()
    for (let round = 0; round < 2; round++) {
      for (let attempt = 0; attempt < 9; attempt++) {
        await expect(users.signIn({ ...administrator, password: 'wrong' }, address)).rejects.toThrow(CredentialsWrong)
      }
      await users.signIn(administrator, address)
    }
  })
})

describe('a crowd that guesses', () => {
  const guess = (users: Users, number: number) =>
    users.signIn({ username: `user${number}`, password: 'wrong' }, `198.51.100.${number % 250}`).catch((error) => error)

  it('should leave threads for files, and be sent away where it is too large', async () => {
    const { users } = await createSignedIn()
    let lookedAt = 0
    const { promise: hasBegun, resolve } = Promise.withResolvers<void>()
    const guesses = Array.from({ length: 300 }, async (_, number) => {
      const refusal = await guess(users, number)
      if (refusal instanceof CredentialsWrong) resolve(void lookedAt++)
      return refusal
    })
    await hasBegun
    const before = lookedAt
    await stat('/')
    // Without a limit nearly all others have their turn at the threads first.
    expect(lookedAt - before).toBeLessThanOrEqual(10)
    const refusals = await Promise.all(guesses)
    expect(refusals.filter((refusal) => refusal instanceof CredentialsWrong)).toHaveLength(62)
    const sentAway = refusals.filter((refusal) => refusal instanceof TooManyAttempts)
    expect(sentAway).toHaveLength(238)
    expect(sentAway[0]?.message).toBe('Too many attempts. Try again in 5 s.')
  })

  it('should not be waited for by a browser that is known', async () => {
    const { users, deviceToken } = await createSignedIn()
    let settled = 0
    const guesses = Array.from({ length: 200 }, async (_, number) => {
      if ((await guess(users, number)) instanceof CredentialsWrong) settled++
    })
    await users.signIn(administrator, '192.0.2.7', deviceToken)
    expect(settled).toBeLessThan(40)
    await Promise.all(guesses)
  })

  it('should count as one where it has a network of IPv6 to itself', async () => {
    const { users } = await createSignedIn()
    const from = (network: string) => (_: unknown, number: number) =>
      users.signIn({ username: `user${number}`, password: 'wrong' }, `2001:db8:0:${network}::${number}`)
    const results = await Promise.allSettled(Array.from({ length: 35 }, from('a')))
    const sentAway = results.filter(
      (result) => result.status === 'rejected' && result.reason instanceof TooManyAttempts,
    )
    expect(sentAway).toHaveLength(5)
    await expect(from('b')(null, 99)).rejects.toThrow(CredentialsWrong)
  })

  it('should not keep the owner of the set-up token out', async () => {
    const { users } = await createUsers()
    for (let guess = 0; guess < 12; guess++) {
      const wrong = { setupToken: 'wrong', ...administrator }
      await expect(users.setUp(wrong, `198.51.100.${guess}`)).rejects.toThrow(SetupTokenWrong)
    }
    await expect(users.setUp({ setupToken, ...administrator }, address)).resolves.toBeDefined()
  })
})

describe('a browser that was signed in before', () => {
  const wrong = { ...administrator, password: 'wrong' }

  /** Ten strangers guess, from as many places; then the account is closed to all who are not known. */
  const lockOut = async (users: Users) => {
    for (let guess = 0; guess < 10; guess++) await users.signIn(wrong, `198.51.100.${guess}`).catch(() => {})
    await expect(users.signIn(administrator, '203.0.113.1')).rejects.toThrow(TooManyAttempts)
  }

  it('should not be locked out by strangers, not even by those who share its address', async () => {
    const { users, deviceToken } = await createSignedIn()
    await lockOut(users)
    const neighbours = Array.from({ length: 31 }, (_, number) =>
      users.signIn({ username: `user${number}`, password: 'wrong' }, address),
    )
    await Promise.allSettled(neighbours)
    const again = await users.signIn(administrator, address, deviceToken)
    expect(again.deviceToken).toBe(deviceToken)
    // What it knows is no help to strangers.
    await expect(users.signIn(administrator, '203.0.113.1')).rejects.toThrow(TooManyAttempts)
  })

  it('should be slowed down by itself, and others not by it', async () => {
    const { users, deviceToken } = await createSignedIn()
    for (let guess = 0; guess < 10; guess++) {
      await expect(users.signIn(wrong, address, deviceToken)).rejects.toThrow(CredentialsWrong)
    }
    await expect(users.signIn(administrator, address, deviceToken)).rejects.toThrow(TooManyAttempts)
    await expect(users.signIn(administrator, '203.0.113.1')).resolves.toBeDefined()
  })

  it('should be known to its own account alone, and for as long as browsers keep a cookie', async () => {
    const { users, db, user, deviceToken } = await createSignedIn()
    const { passwordHash } = await db.user.findUniqueOrThrow({ where: { id: user.id } })
    await db.user.create({ data: { username: 'grace', passwordHash } })
    const other = await users.signIn({ ...administrator, username: 'grace' }, address, deviceToken)
    expect(other.deviceToken).not.toBe(deviceToken)
    await lockOut(users)
    for (const stranger of [other.deviceToken, 'nonsense', '']) {
      await expect(users.signIn(administrator, address, stranger)).rejects.toThrow(TooManyAttempts)
    }
    const [device] = await db.device.findMany({ where: { userId: user.id } })
    expect((device?.expiresAt.getTime() ?? 0) - Date.now()).toBeGreaterThan(399 * day)
    await db.device.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } })
    await expect(users.signIn(administrator, address, deviceToken)).rejects.toThrow(TooManyAttempts)
    await users.signIn({ ...administrator, username: 'grace' }, address, other.deviceToken)
    await expiredSessions(db).work(new AbortController().signal)
    expect(await db.device.count(), 'those that expired are gone, and grace has a new one').toBe(1)
  })

  it('should be stored as a hash, and sign nobody in', async () => {
    const { users, db, user, deviceToken } = await createSignedIn()
    const hash = createHash('sha256').update(deviceToken).digest('hex')
    expect(await db.device.findMany()).toEqual([{ tokenHash: hash, userId: user.id, expiresAt: expect.any(Date) }])
    for (const token of [deviceToken, hash]) expect(await users.viewerOf(token)).toBeNull()
  })

  it('should be forgotten after a thousand others of its account', async () => {
    const { users, db, user, deviceToken } = await createSignedIn()
    const expiresAt = new Date(Date.now() + 500 * day)
    const data = Array.from({ length: 1_000 }, (_, number) => ({ tokenHash: `${number}`, userId: user.id, expiresAt }))
    await db.device.createMany({ data })
    await users.signIn(administrator, address)
    expect(await db.device.count()).toBe(1_000)
    expect((await users.signIn(administrator, address, deviceToken)).deviceToken).not.toBe(deviceToken)
  })
})

describe('session', () => {
  it('should be stored as a hash of a long random token, and the password as Argon2id', async () => {
    const { users, db, token } = await createSignedIn()
    const second = await users.signIn(administrator, address)
    expect(second.token).not.toBe(token)
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    const rows = JSON.stringify([await db.session.findMany(), await db.user.findMany()])
    expect(rows).not.toContain(token)
    expect(rows).not.toContain(administrator.password)
    expect(rows).toContain(createHash('sha256').update(token).digest('hex'))
    expect(rows).toContain('$argon2id$v=19$m=19456,t=3,p=1$')
  })

  it('should not be had with its hash, nor with anything else', async () => {
    const { users, token } = await createSignedIn()
    const hash = createHash('sha256').update(token).digest('hex')
    for (const wrong of [null, '', hash, `${token}x`, token.slice(1)]) expect(await users.viewerOf(wrong)).toBeNull()
  })

  it('should end when signed out, and tell which', async () => {
    const { users, token } = await createSignedIn()
    const other = await users.signIn(administrator, address)
    const ended: string[] = []
    const stop = users.onSignOut((id) => ended.push(id))
    const sessionId = (await users.viewerOf(token))?.credentialId
    expect(await users.signOut(token)).toBe(true)
    expect(await users.signOut(token)).toBe(false)
    expect(await users.signOut(null)).toBe(false)
    expect(await users.viewerOf(token)).toBeNull()
    expect(await users.viewerOf(other.token)).not.toBeNull()
    expect(ended).toEqual([sessionId])
    stop()
    await users.signOut(other.token)
    expect(ended).toHaveLength(1)
  })

  it('should end 30 days after it was used, and be removed', async () => {
    const { users, db, token } = await createSignedIn()
    const [session] = await db.session.findMany()
    expect((session?.expiresAt.getTime() ?? 0) - Date.now()).toBeGreaterThan(30 * day - 60_000)
    await db.session.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } })
    expect(await users.viewerOf(token)).toBeNull()
    await users.signIn(administrator, address)
    await expiredSessions(db).work(new AbortController().signal)
    expect(await db.session.count({ where: { id: session?.id } })).toBe(0)
    expect(await db.session.count()).toBe(1)
  })

  it('should live on with use, written down once in a few minutes', async () => {
    const { users, db, token } = await createSignedIn()
    const used = new Date(Date.now() - day)
    await db.session.updateMany({ data: { lastUsedAt: used, expiresAt: new Date(Date.now() + day) } })
    await users.viewerOf(token)
    const [session] = await db.session.findMany()
    expect(session?.lastUsedAt.getTime()).toBeGreaterThan(Date.now() - 60_000)
    expect(session?.expiresAt.getTime()).toBeGreaterThan(Date.now() + 29 * day)
    await users.viewerOf(token)
    expect((await db.session.findMany())[0]).toEqual(session)
  })

  it('should be told apart although its use cannot be written down', async () => {
    const { users, db, token, log } = await createSignedIn()
    await db.session.updateMany({ data: { lastUsedAt: new Date(Date.now() - day) } })
    await db.$queryRaw`PRAGMA query_only = ON`
    expect(await users.viewerOf(token)).toMatchObject({ username: administrator.username })
    await expect.poll(log).toContain('the use of a session cannot be written down')
    await db.$queryRaw`PRAGMA query_only = OFF`
  })
})

it('should log neither tokens nor passwords', async () => {
  const { users, log, token } = await createSignedIn()
  await users.signIn({ ...administrator, password: 'wrong canary password' }, address).catch(() => {})
  await users.signOut(token)
  expect(log()).toContain('sign-in refused')
  for (const secret of [token, setupToken, administrator.password, 'wrong canary password']) {
    expect(log()).not.toContain(secret)
  }
})
