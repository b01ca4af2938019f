import { UserRole } from '../../prisma/generated/client/client.ts'
import { InvalidInput, NameTaken } from '../problems.ts'
import { builder, prices } from '../schema/builder.ts'
import { connectionOf } from '../schema/connections.ts'
import { viewerOf } from '../schema/context.ts'
import { pagesOf } from '../schema/pages.ts'
import { problemType } from '../schema/problems.ts'
import {
  AlreadySetUp,
  CredentialsWrong,
  LastAdministrator,
  OwnAccount,
  SetupTokenWrong,
  TooManyAttempts,
  UserNotFound,
} from './problems.ts'

problemType(AlreadySetUp, 'An administrator exists already.')
problemType(SetupTokenWrong, 'The set-up token is not the one that the server printed when it started.')
problemType(CredentialsWrong, 'The username or the password is wrong.')
problemType(UserNotFound, 'There is no person with this id.')
problemType(OwnAccount, 'People cannot remove their own account; nothing was changed.')
problemType(LastAdministrator, 'Without this administrator there would be none; nothing was changed.')
builder.objectFields(
  problemType(TooManyAttempts, 'Too many attempts failed lately; this one was not looked at.'),
  (t) => ({
    retryAfter: t.exposeInt('retryAfter', { description: 'Seconds until the next attempt is looked at.' }),
  }),
)

builder.enumType(UserRole, {
  name: 'UserRole',
  description: 'What a person may do.',
  values: {
    ADMINISTRATOR: { description: 'May do everything.' },
    VIEWER: {
      description:
        'May look at states and figures; sees no hooks and nothing of what they print, and no other people. Starts and changes nothing but their own password and API tokens.',
    },
  },
})

const userType = builder.prismaNode('User', {
  id: { field: 'id' },
  select: { id: true, username: true },
  nullable: true,
  // Others see themselves only.
  findUnique: (id, { viewer }) => ({ id: viewer?.mayAdminister || viewer?.userId === id ? id : '' }),
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
  users: t.prismaConnection(
    {
      ...pagesOf('User', () => ({ where: {}, orderBy: { username: 'asc' } })),
      authScopes: { administrator: true },
      description: 'All people, by name. Only administrators see them.',
    },
    ...connectionOf('User', userType),
  ),
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

const createUserInput = builder.inputType('CreateUserInput', {
  description: 'A new person.',
  fields: (t) => ({
    username: t.string({
      required: true,
      description: 'Unique, 1 to 64 letters, digits, dots, underscores or dashes; upper and lower case are the same.',
    }),
    password: t.string({ required: true, description: '12 characters or more.' }),
    role: t.field({ type: UserRole, required: true, description: 'What the person may do.' }),
  }),
})

const deleteUserInput = builder.inputType('DeleteUserInput', {
  description: 'Whom to remove.',
  fields: (t) => ({ id: t.globalID({ required: true, description: 'The person.' }) }),
})

const changePasswordInput = builder.inputType('ChangePasswordInput', {
  description: 'Another password for the person who asks.',
  fields: (t) => ({
    currentPassword: t.string({ required: true, description: 'The password until now.' }),
    newPassword: t.string({ required: true, description: '12 characters or more.' }),
  }),
})

const deletedUser = builder.objectRef<{ id: string }>('DeletedUser').implement({
  description: 'A person who cannot sign in any more; their jobs stay.',
  fields: (t) => ({
    id: t.globalID({ description: 'The id that they had.', resolve: ({ id }) => ({ type: 'User', id }) }),
  }),
})

/** A program could make itself somebody with a password otherwise, and outlive its token. */
const administratorInPerson = { $all: { administrator: true, inPerson: true } } as const

builder.mutationFields((t) => ({
  createUser: t.field({
    type: userType,
    // Hashes a password.
    complexity: prices.program,
    authScopes: administratorInPerson,
    description: 'Makes an account for a person. Needs a session: no API token may do this.',
    args: { input: t.arg({ type: createUserInput, required: true, description: 'The new person.' }) },
    errors: { types: [NameTaken, TooManyAttempts, InvalidInput] },
    resolve: (_root, { input }, context) => context.users.people.create(viewerOf(context), input),
  }),
  deleteUser: t.field({
    type: deletedUser,
    authScopes: administratorInPerson,
    description:
      'Removes a person’s account with its API tokens; they are signed out at once. Their jobs stay. Needs a session: no API token may do this.',
    args: { input: t.arg({ type: deleteUserInput, required: true, description: 'Whom.' }) },
    errors: { types: [UserNotFound, OwnAccount, LastAdministrator, InvalidInput] },
    resolve: async (_root, { input: { id } }, context) => {
      await context.users.people.remove(viewerOf(context), id.id)
      return { id: id.id }
    },
  }),
  changePassword: t.field({
    type: userType,
    // Hashes two passwords.
    complexity: 2 * prices.program,
    skipTypeScopes: true,
    authScopes: { inPerson: true },
    description:
      'Changes the password of the person who asks, and ends all their sessions but this one; API tokens stay. Needs a session: no API token may do this.',
    args: { input: t.arg({ type: changePasswordInput, required: true, description: 'The passwords.' }) },
    errors: { types: [CredentialsWrong, TooManyAttempts, InvalidInput] },
    resolve: (_root, { input }, context) =>
      context.users.people.changePassword(viewerOf(context), input, context.address),
  }),
  setUp: t.field({
    type: userType,
    // Takes the time that a password is to cost who guesses.
    complexity: prices.program,
    skipTypeScopes: true,
    authScopes: { withoutToken: true },
    description: 'Makes the first administrator and signs them in. Works once. Needs no session.',
    args: { input: t.arg({ type: setUpInput, required: true, description: 'The first administrator.' }) },
    errors: { types: [AlreadySetUp, SetupTokenWrong, TooManyAttempts, InvalidInput] },
    resolve: async (_root, { input }, { users, address, deviceToken, setSession }) => {
      const signedIn = await users.setUp(input, address, deviceToken)
      setSession(signedIn)
      return signedIn.user
    },
  }),
  signIn: t.field({
    type: userType,
    // Takes the time that a password is to cost who guesses.
    complexity: prices.program,
    skipTypeScopes: true,
    authScopes: { withoutToken: true },
    description: 'Begins a session; its token comes as a cookie. Needs no session.',
    args: { input: t.arg({ type: signInInput, required: true, description: 'Who signs in.' }) },
    errors: { types: [CredentialsWrong, TooManyAttempts, InvalidInput] },
    resolve: async (_root, { input }, { users, address, deviceToken, setSession }) => {
      const signedIn = await users.signIn(input, address, deviceToken)
      setSession(signedIn)
      return signedIn.user
    },
  }),
  signOut: t.boolean({
    complexity: prices.mutation,
    skipTypeScopes: true,
    authScopes: { withoutToken: true },
    description: 'Ends the session and closes its WebSockets. False where there was none. Needs no session.',
    resolve: async (_root, _args, { users, sessionToken, setSession }) => {
      setSession(null)
      return users.signOut(sessionToken)
    },
  }),
}))
