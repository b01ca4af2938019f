import { expect, test } from 'vitest'
import { NameTaken } from '../../../server/problems.ts'
import {
  CredentialsWrong,
  LastAdministrator,
  OwnAccount,
  TooManyAttempts,
  UserNotFound,
} from '../../../server/users/problems.ts'
import type { SignedIn, Users } from '../../../server/users/service.ts'
import { administrator } from '../../support/api-client.ts'
import { createApp } from '../../support/app.ts'
import { setupToken } from '../../support/server-process.ts'

const address = '192.0.2.1'
const grace = { username: 'Grace', password: 'a ship in a port is safe', role: 'VIEWER' } as const

const viewerOf = async (users: Users, { token }: SignedIn) => {
  const viewer = await users.viewerOf(token)
  if (viewer === null) throw new Error('nobody is signed in')
  return viewer
}

const createSignedIn = async () => {
  const { app } = await createApp()
  const { users, db } = app
  const signedIn = await users.setUp({ setupToken, ...administrator }, address)
  return { users, db, signedIn, ada: await viewerOf(users, signedIn) }
}

test('a person who was made may sign in, and what they have ends when they are removed', async () => {
  const { users, db, ada } = await createSignedIn()
  const made = await users.people.create(ada, grace)
  expect(made).toMatchObject({ username: 'grace', role: 'VIEWER' })
  await expect(users.people.create(ada, { ...grace, username: 'GRACE' })).rejects.toThrow(NameTaken)
  await expect(users.people.create(ada, { ...grace, username: 'x', password: 'short' })).rejects.toThrow('password')

  const signedIn = await users.signIn(grace, address)
  const viewer = await viewerOf(users, signedIn)
  expect(viewer).toMatchObject({ username: 'grace', mayAct: false, mayAdminister: false })
  const { apiToken, token } = await users.apiTokens.create(viewer, { name: 'screen', scope: 'FULL' })
  expect(await users.apiTokens.viewerOf(token, address)).toMatchObject({ mayAct: false, mayAdminister: false })
  const job = await db.job.create({
    data: { kind: 'BACKUP', repositoryName: 'r', settings: {}, requestedById: made.id },
  })

  const ended: string[] = []
  users.onSignOut((id) => ended.push(id))
  await users.people.remove(ada, made.id)
  expect(ended.toSorted()).toEqual([viewer.credentialId, apiToken.id].toSorted())
  expect(await users.viewerOf(signedIn.token)).toBeNull()
  await expect(users.apiTokens.viewerOf(token, address)).rejects.toThrow('wrong')
  await expect(users.people.remove(ada, made.id)).rejects.toThrow(UserNotFound)
  expect(await db.job.findUnique({ where: { id: job.id } })).toMatchObject({ requestedById: null })
})

test('nobody removes themselves, and the last administrator stays', async () => {
  const { users, db, ada } = await createSignedIn()
  await expect(users.people.remove(ada, ada.userId)).rejects.toThrow(OwnAccount)
  const other = await users.people.create(ada, { ...grace, role: 'ADMINISTRATOR' })
  await users.people.remove(ada, other.id)
  // Somebody who was removed while they asked.
  const gone = { ...ada, userId: other.id }
  await expect(users.people.remove(gone, ada.userId)).rejects.toThrow(LastAdministrator)
  expect(await db.user.count()).toBe(1)
})

test('people change their own password with the one before, which ends their other sessions', async () => {
  const { users, signedIn, ada } = await createSignedIn()
  const other = await users.signIn(administrator, address)
  const change = { currentPassword: administrator.password, newPassword: 'another horse, another battery' }
  await expect(users.people.changePassword(ada, { ...change, newPassword: 'short' }, address)).rejects.toThrow('12')
  await expect(users.people.changePassword(ada, { ...change, currentPassword: 'wrong' }, address)).rejects.toThrow(
    CredentialsWrong,
  )
  await users.people.changePassword(ada, change, address)
  expect(await users.viewerOf(signedIn.token)).not.toBeNull()
  expect(await users.viewerOf(other.token)).toBeNull()
  await expect(users.signIn(administrator, address)).rejects.toThrow(CredentialsWrong)
  await users.signIn({ ...administrator, password: change.newPassword }, address)

  const guess = () => users.people.changePassword(ada, { ...change, currentPassword: 'wrong' }, address)
  for (let guesses = 0; guesses < 10; guesses++) await expect(guess()).rejects.toThrow(CredentialsWrong)
  await expect(guess()).rejects.toThrow(TooManyAttempts)
  await users.signIn({ ...administrator, password: change.newPassword }, address)
})
