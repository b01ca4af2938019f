import { UserRole } from '../../prisma/generated/client/client.ts'
import { InvalidInput } from '../problems.ts'
import { builder, prices } from '../schema/builder.ts'
import { problemType } from '../schema/problems.ts'
import { AlreadySetUp, CredentialsWrong, SetupTokenWrong, TooManyAttempts } from './problems.ts'

problemType(AlreadySetUp, 'An administrator exists already.')
problemType(SetupTokenWrong, 'The set-up token is not the one that the server printed when it started.')
problemType(CredentialsWrong, 'The username or the password is wrong.')
builder.objectFields(
  problemType(TooManyAttempts, 'Too many attempts failed lately; this one was not looked at.'),
  (t) => ({
    retryAfter: t.exposeInt('retryAfter', { description: 'Seconds until the next attempt is looked at.' }),
  }),
)

builder.enumType(UserRole, {
  name: 'UserRole',
  description: 'What a person may do.',
  values: { ADMINISTRATOR: { description: 'May do everything.' } },
})

const userType = builder.prismaNode('User', {
  id: { field: 'id' },
  select: { id: true, username: true },
  nullable: true,
  description: 'Somebody who signs in.',
  fields: (t) => ({
    role: t.expose('role', { type: UserRole, description: 'What the person may do.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the account was made.' }),
  }),
})

builder.objectField(userType, 'username', (t) =>
  t.exposeString('username', { description: 'The name that the person signs in with, in lower case.' }),
)

builder.queryFields((t) => ({
  me: t.prismaField({
    type: 'User',
    nullable: true,
    skipTypeScopes: true,
    description: 'The person who is signed in; null where nobody is. Needs no session.',
    resolve: (query, _root, _args, { db, viewer }) =>
      viewer && db.user.findUnique({ ...query, where: { id: viewer.userId } }),
  }),
  isSetUp: t.boolean({
    complexity: 1,
    skipTypeScopes: true,
    description: 'Whether an administrator exists. Needs no session.',
    resolve: (_root, _args, { users }) => users.isSetUp(),
  }),
}))

const setUpInput = builder.inputType('SetUpInput', {
  description: 'The first administrator.',
  fields: (t) => ({
    setupToken: t.string({ required: true, description: 'The one-time token that the server printed.' }),
    username: t.string({ required: true, description: '1 to 64 letters, digits, dots, underscores or dashes.' }),
    password: t.string({ required: true, description: '12 characters or more.' }),
  }),
})

const signInInput = builder.inputType('SignInInput', {
  description: 'Who signs in.',
  fields: (t) => ({
    username: t.string({ required: true, description: 'The username; upper and lower case are the same.' }),
    password: t.string({ required: true, description: 'The password.' }),
  }),
})

builder.mutationFields((t) => ({
  setUp: t.prismaField({
    type: 'User',
    // Takes the time that a password is to cost who guesses.
    complexity: prices.program,
    skipTypeScopes: true,
    description: 'Makes the first administrator and signs them in. Works once. Needs no session.',
    args: { input: t.arg({ type: setUpInput, required: true, description: 'The first administrator.' }) },
    errors: { types: [AlreadySetUp, SetupTokenWrong, TooManyAttempts, InvalidInput] },
    resolve: async (_query, _root, { input }, { users, address, deviceToken, setSession }) => {
      const signedIn = await users.setUp(input, address, deviceToken)
      setSession(signedIn)
      return signedIn.user
    },
  }),
  signIn: t.prismaField({
    type: 'User',
    // Takes the time that a password is to cost who guesses.
    complexity: prices.program,
    skipTypeScopes: true,
    description: 'Begins a session; its token comes as a cookie. Needs no session.',
    args: { input: t.arg({ type: signInInput, required: true, description: 'Who signs in.' }) },
    errors: { types: [CredentialsWrong, TooManyAttempts, InvalidInput] },
    resolve: async (_query, _root, { input }, { users, address, deviceToken, setSession }) => {
      const signedIn = await users.signIn(input, address, deviceToken)
      setSession(signedIn)
      return signedIn.user
    },
  }),
  signOut: t.boolean({
    complexity: prices.mutation,
    skipTypeScopes: true,
    description: 'Ends the session and closes its WebSockets. False where there was none. Needs no session.',
    resolve: async (_root, _args, { users, sessionToken, setSession }) => {
      setSession(null)
      return users.signOut(sessionToken)
    },
  }),
}))
