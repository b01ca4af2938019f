import type { ObjectRef } from '@pothos/core'
import { type PrismaObjectRef, queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import type { Announcement, EventName } from '../events.ts'
import { builder, type SchemaTypes, type Scope } from './builder.ts'
import { tellChanges } from './changes.ts'
import { connectionOf } from './connections.ts'
import type { Context } from './context.ts'
import { assertExists, rowsOf, startingWith } from './live.ts'
import { lowerFirst, type Model, type Row, rowsOfModel } from './models.ts'

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** What a noun with changes is. */
interface Noun<Name extends Model> {
  readonly model: Name
  /** What it is called in sentences and in the names of fields: `plan`. */
  readonly word: string
}

/**
 * The rows of a noun, each time that it is announced that they changed, as what is asked of them says: all, or just the
 * one with this id, which begins with how it is now. Throws a `GraphQLError` where there is none.
 */
export const watchRows = async <Name extends Model>(
  { model, word }: Noun<Name>,
  id: string | undefined,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<AsyncIterableIterator<Row<Name> | Error, void, void>> => {
  const { db, events } = context
  const query = queryFromInfo({ context, info })
  const rows = rowsOfModel(db, model)
  const load = (id: string) => rows.findUnique({ ...query, where: { id } })
  const name: EventName = `${lowerFirst(model)}:changed`
  if (id === undefined) return rowsOf(await events.watch(name), query, load)
  assertExists(await rows.findUnique({ where: { id }, select: { id: true } }), word)
  return rowsOf(startingWith({ name, id }, await events.watch(name, id)), query, load)
}

/** What a noun says of itself to be listed and watched. */
interface LiveNode<Name extends Model> extends Noun<Name> {
  /** Describes one that was removed. */
  readonly deleted: string
  /** Who may watch it; whoever is signed in where this is left out. */
  readonly scope?: Scope
}

/**
 * Gives a noun what all have in common: its connection, `planChanged` and `planDeleted` for `plan`, and its place in
 * `changes`. Whoever writes its rows announces that as `backupPlan:changed` and `backupPlan:deleted`, by the name of the model.
 */
export const liveNode = <Name extends Model, Shape extends { id: string }>(
  type: PrismaObjectRef<SchemaTypes, SchemaTypes['PrismaTypes'][Name] & object, Shape>,
  { deleted, scope = 'signedIn', ...noun }: LiveNode<Name>,
) => {
  const { model, word } = noun
  const events = lowerFirst(model)
  tellChanges(`${events}:changed`, { typename: model, hasId: true, isDeleted: false, scope })
  tellChanges(`${events}:deleted`, { typename: model, hasId: true, isDeleted: true, scope })

  const deletedType = builder.objectRef<{ id: string }>(`Deleted${upperFirst(word)}`).implement({
    description: deleted,
    fields: (t) => ({
      id: t.globalID({ description: 'The id that it had.', resolve: ({ id }) => ({ type: model, id }) }),
    }),
  })

  builder.subscriptionField(`${word}Changed`, (t) =>
    t.prismaField({
      type,
      authScopes: { [scope]: true },
      description: `A ${word}, each time that it is made or changed; with an id it begins with how it is now.`,
      args: { id: t.arg.globalID({ description: 'Only this one.' }) },
      subscribe: (_root, { id }, context, info) => watchRows(noun, id?.id, context, info),
      resolve: (_query, row) => row as never,
    }),
  )
  builder.subscriptionField(`${word}Deleted`, (t) =>
    t.field({
      type: deletedType,
      authScopes: { [scope]: true },
      description: `Any ${word} that is removed, from now on.`,
      subscribe: (_root, _args, context) => context.events.watch(`${events}:deleted`),
      resolve: (announcement) => announcement as Announcement,
    }),
  )
  return { deletedType, connection: connectionOf(model, type) }
}

/** What there is one of says of itself to be watched. */
interface LiveSingleton<Shape> {
  /** The name of its events and of its fields: `queue` for `queueChanged`. */
  readonly word: 'history' | 'queue'
  readonly description: string
  readonly read: (context: Context) => Promise<Shape>
}

/** Gives what there is one of its subscription, which begins with how it is now, and its place in `changes`. */
export const liveSingleton = <Shape>(
  type: ObjectRef<SchemaTypes, Shape>,
  { word, description, read }: LiveSingleton<Shape>,
): void => {
  const name = `${word}:changed` as const
  tellChanges(name, { typename: upperFirst(word), hasId: false, isDeleted: false, scope: 'signedIn' })
  builder.subscriptionField(`${word}Changed`, (t) =>
    t.field({
      type,
      description,
      subscribe: async (_root, _args, { events }) => startingWith({ name, id: word }, await events.watch(name)),
      resolve: (_announcement, _args, context) => read(context) as never,
    }),
  )
}
