import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import ErrorsPlugin from '@pothos/plugin-errors'
import PrismaPlugin from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import ScopeAuthPlugin from '@pothos/plugin-scope-auth'
import { type GraphQLField, getNamedType, getNullableType, isLeafType, isListType, isObjectType } from 'graphql'
import type PrismaTypes from '../../prisma/generated/pothos.ts'
import { getDatamodel } from '../../prisma/generated/pothos.ts'
import type { Viewer } from '../users/rights.ts'
import type { Context } from './context.ts'
import { apiError } from './errors.ts'
import { assertPage } from './pages.ts'

const capitalize = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** Items in a page of a connection that does not say how many, and in the largest one. */
const defaultPage = 50
const maxPage = 200

/** Items that a list without pages is taken to have. */
const listLength = 10

/** What is asked for in many places. A count goes through all that it counts, and there may be a million jobs. */
export const prices = { value: 0.2, tasks: 3, count: 20, jobCount: 200, id: 5, mutation: 100, program: 2_000 } as const

/** Whether a `totalCount` is one of jobs. */
const countsJobs = ({ parentType }: GraphQLField<unknown, Context, Record<string, unknown>>): boolean => {
  const edge = getNamedType(parentType?.getFields().edges?.type)
  return isObjectType(edge) && getNamedType(edge.getFields().node?.type)?.name === 'Job'
}

/**
 * What a field costs that says nothing of it (`complexity`), in the time that it takes to read one row: some 50 µs. A page
 * counts with its length, so that pages in pages multiply, and each id with the row that it is of. Whatever does more than
 * read a column or a row says so where it is declared; a test asks that of each. `http/limits.ts` says how much an
 * operation may cost. As it is given the arguments of every page before anything is done, it also refuses those that are
 * none. Throws a `GraphQLError`.
 */
export const fieldComplexity = (
  args: Record<string, unknown>,
  _context: Context,
  field: GraphQLField<unknown, Context, Record<string, unknown>>,
) => {
  if (field.name === 'totalCount') return countsJobs(field) ? prices.jobCount : prices.count
  if (isLeafType(getNamedType(field.type))) return prices.value
  // The length of a page is counted with the connection.
  if (field.parentType?.name.endsWith('Connection') && ['edges', 'nodes'].includes(field.name)) {
    return { field: 0, multiplier: 1 }
  }
  if (field.args.some(({ name }) => name === 'last')) {
    assertPage(args)
    return { field: 1, multiplier: Math.min(Number(args.first ?? args.last ?? defaultPage), maxPage) }
  }
  if (Array.isArray(args.ids)) return { field: args.ids.length * prices.id, multiplier: args.ids.length }
  if (field.parentType?.name === 'Mutation') return { field: prices.mutation, multiplier: 1 }
  // Nothing is read to say what there is.
  const isMeta = field.parentType?.name.startsWith('__')
  return {
    field: isMeta ? prices.value : 1,
    multiplier: isListType(getNullableType(field.type)) ? listLength : 1,
  }
}

/** What a field may ask for. */
export const scopesOf = ({ viewer }: { readonly viewer: Viewer | null }) => ({
  /** Anybody who may look. */
  signedIn: viewer !== null,
  /** Who may start and change things. */
  acting: viewer?.mayAct ?? false,
  administrator: viewer?.mayAdminister ?? false,
  /** A person with a session, whatever they may do otherwise. */
  inPerson: viewer !== null && viewer.tokenScope === null,
  /** Also strangers, but no program with an API token. */
  withoutToken: viewer === null || viewer.tokenScope === null,
})

export type Scope = keyof ReturnType<typeof scopesOf>

const whyForbidden = ({ tokenScope, mayAdminister }: Viewer) => {
  if (tokenScope === 'READ') return 'This API token may only read.'
  // Nothing else is kept from an administrator.
  return mayAdminister ? 'No API token may do this: sign in.' : 'Only administrators may do this.'
}

/** For `authScopes` of a nullable field: null for all others, without an error that would spoil the rest of the answer. */
export const forAdministrators = { authScopes: { administrator: true }, unauthorizedResolver: () => null } as const

/**
 * The one builder that every noun adds its part of the schema to.
 *
 * Deny by default: `Query` and `Subscription` ask for somebody who is signed in, `Mutation` for one who may act, and a field
 * that does not names itself with `skipTypeScopes: true`. Fields are non-null unless they say otherwise.
 */
export const builder = new SchemaBuilder<{
  Context: Context
  PrismaTypes: PrismaTypes
  AuthScopes: Record<Scope, boolean>
  DefaultFieldNullability: false
  DefaultEdgesNullability: { list: false; items: false }
  DefaultNodeNullability: false
  Scalars: {
    ID: { Input: string; Output: string }
    DateTime: { Input: Date; Output: Date }
    ByteCount: { Input: bigint; Output: bigint }
  }
}>({
  plugins: [ErrorsPlugin, ScopeAuthPlugin, RelayPlugin, PrismaPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  errors: {
    directResult: true,
    defaultUnionOptions: {
      name: ({ fieldName }) => `${capitalize(fieldName)}Result`,
      description: 'What was asked for, or the problem that kept it from being done.',
    },
  },
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: scopesOf,
    unauthorizedError: (_parent, { viewer }) =>
      viewer === null ? apiError('UNAUTHENTICATED', 'Sign in first.') : apiError('FORBIDDEN', whyForbidden(viewer)),
  },
  relay: {
    clientMutationId: 'omit',
    cursorType: 'String',
    idFieldOptions: { description: 'An id that is unique over all types.' },
    firstArgOptions: { description: `The length of a page from the start, at most ${maxPage}.` },
    afterArgOptions: { description: 'The cursor that the page comes after.' },
    lastArgOptions: { description: `The length of a page from the end, at most ${maxPage}.` },
    beforeArgOptions: { description: 'The cursor that the page comes before.' },
    defaultConnectionTypeOptions: { description: 'One page of a list.' },
    defaultEdgeTypeOptions: { description: 'One item of a page.' },
    edgesFieldOptions: { nullable: { list: false, items: false }, description: 'The page, in order.' },
    nodeFieldOptions: { nullable: false, description: 'The item itself.' },
    cursorFieldOptions: { description: 'The place of the item in the list, for `after` and `before`.' },
    pageInfoFieldOptions: { description: 'Where the page lies in the list.' },
    pageInfoTypeOptions: { description: 'Where a page lies in its list.' },
    hasNextPageFieldOptions: { description: 'Whether items come after the page.' },
    hasPreviousPageFieldOptions: { description: 'Whether items come before the page.' },
    startCursorFieldOptions: { description: 'The cursor of the first item; null for an empty page.' },
    endCursorFieldOptions: { description: 'The cursor of the last item; null for an empty page.' },
    nodeTypeOptions: { description: 'Something with an id that is unique over all types.' },
    nodesOnConnection: { description: 'The items of the page, in order: the same as those of `edges`.' },
    // `nodes.ts` has them: an id that is none is no error there.
    nodeQueryOptions: false,
    nodesQueryOptions: false,
  },
  prisma: {
    client: ({ db }) => db,
    dmmf: getDatamodel(),
    exposeDescriptions: true,
    filterConnectionTotalCount: true,
    defaultConnectionSize: defaultPage,
    maxConnectionSize: maxPage,
    onUnusedQuery: null,
  },
  complexity: { fieldComplexity },
})

/** What the builder knows of types. */
export type SchemaTypes = typeof builder.$inferSchemaTypes

const signedIn = { authScopes: { signedIn: true } }
builder.queryType({ ...signedIn, description: 'What can be read.' })
builder.mutationType({
  authScopes: { acting: true },
  description:
    'What can be changed: by administrators, where a field says nothing else, and not with an API token that may only read.',
})
builder.subscriptionType({ ...signedIn, description: 'What can be watched, over WebSocket (`graphql-transport-ws`).' })
