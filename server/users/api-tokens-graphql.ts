import type { ApiToken } from '../../prisma/generated/client/client.ts'
import { ApiTokenScope } from '../../prisma/generated/client/enums.ts'
import { InvalidInput, NameTaken } from '../problems.ts'
import { builder } from '../schema/builder.ts'
import { connectionOf } from '../schema/connections.ts'
import { viewerOf } from '../schema/context.ts'
import { pagesOf } from '../schema/pages.ts'
import { problemType } from '../schema/problems.ts'
import { visibleTokens } from './api-tokens.ts'
import { ApiTokenNotFound } from './problems.ts'

problemType(ApiTokenNotFound, 'There is no API token with this id, or it is somebody else’s.')

builder.enumType(ApiTokenScope, {
  name: 'ApiTokenScope',
  description: 'What a program may do with an API token.',
  values: {
    READ: { description: 'What a `VIEWER` may: look at states and figures.' },
    FULL: { description: 'What its owner may, but for making tokens and people and changing passwords.' },
  },
})

const apiTokenType = builder.prismaNode('ApiToken', {
  nullable: true,
  id: { field: 'id' },
  findUnique: (id, { viewer }) => ({ id, ...visibleTokens(viewer) }),
  description: 'What a program asks with in the place of a person: `Authorization: Bearer borgitory_…`.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Unique among the tokens of its owner.' }),
    scope: t.expose('scope', { type: ApiTokenScope, description: 'What may be done with it.' }),
    owner: t.relation('user', { description: 'Whom it stands for.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true }),
  }),
})

builder.queryField('apiTokens', (t) =>
  t.prismaConnection(
    {
      ...pagesOf('ApiToken', (_root, _args, { viewer }) => ({
        where: visibleTokens(viewer),
        orderBy: { id: 'desc' },
      })),
      description: 'API tokens, newest first: for administrators all, for others their own.',
    },
    ...connectionOf('ApiToken', apiTokenType),
  ),
)

const createApiTokenInput = builder.inputType('CreateApiTokenInput', {
  description: 'A new API token, for the person who asks.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Unique among your tokens, 1 to 100 characters.' }),
    scope: t.field({ type: ApiTokenScope, required: true, description: 'What may be done with it.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'When it ends by itself; never where this is left out.' }),
  }),
})

const deleteApiTokenInput = builder.inputType('DeleteApiTokenInput', {
  description: 'Which API token to remove.',
  fields: (t) => ({ id: t.globalID({ required: true, description: 'The token.' }) }),
})

const createdApiToken = builder.objectRef<{ apiToken: ApiToken; token: string }>('CreatedApiToken').implement({
  description: 'An API token that was just made.',
  fields: (t) => ({
    apiToken: t.field({ type: apiTokenType, description: 'What is kept of it.', resolve: ({ apiToken }) => apiToken }),
    token: t.exposeString('token', { description: 'The token itself, which is never told again.' }),
  }),
})

const deletedApiToken = builder.objectRef<{ id: string }>('DeletedApiToken').implement({
  description: 'An API token that does not exist any more.',
  fields: (t) => ({
    id: t.globalID({ description: 'The id that it had.', resolve: ({ id }) => ({ type: 'ApiToken', id }) }),
  }),
})

builder.mutationFields((t) => ({
  createApiToken: t.field({
    type: createdApiToken,
    skipTypeScopes: true,
    authScopes: { inPerson: true },
    description: 'Makes an API token. Viewers may, for what they may do; programs with a token may not.',
    args: { input: t.arg({ type: createApiTokenInput, required: true, description: 'The new token.' }) },
    errors: { types: [NameTaken, InvalidInput] },
    resolve: (_root, { input }, context) => context.users.apiTokens.create(viewerOf(context), input),
  }),
  deleteApiToken: t.field({
    type: deletedApiToken,
    skipTypeScopes: true,
    authScopes: { $any: { inPerson: true, acting: true } },
    description:
      'Removes an API token: it is refused from now on, and what is watched with it ends. Viewers may remove their own, administrators all.',
    args: { input: t.arg({ type: deleteApiTokenInput, required: true, description: 'Which token.' }) },
    errors: { types: [ApiTokenNotFound, InvalidInput] },
    resolve: async (_root, { input: { id } }, context) => {
      await context.users.apiTokens.remove(viewerOf(context), id.id)
      return { id: id.id }
    },
  }),
}))
