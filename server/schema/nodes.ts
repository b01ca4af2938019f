import { decodeGlobalID, resolveNodes } from '@pothos/plugin-relay'
import { type GraphQLResolveInfo, isObjectType } from 'graphql'
import { builder } from './builder.ts'
import type { Context } from './context.ts'

/** What an id stands for; null for what is no id of a node, whatever it is. */
const parseId = (text: string, { schema }: GraphQLResolveInfo) => {
  try {
    const { typename, id } = decodeGlobalID(text)
    const type = schema.getType(typename)
    const isNode = isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node')
    return isNode ? { typename, id } : null
  } catch {
    return null
  }
}

const readNodes = (ids: readonly string[], context: Context, info: GraphQLResolveInfo) =>
  resolveNodes(
    builder,
    context,
    info,
    ids.map((id) => parseId(id, info)),
  )

builder.queryFields((t) => ({
  node: t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    description: 'The object with this id; null where there is none.',
    args: { id: t.arg.id({ required: true, description: 'The id of the object.' }) },
    resolve: async (_root, { id }, context, info) => (await readNodes([id], context, info))[0],
  }),
  nodes: t.field({
    type: [builder.nodeInterfaceRef()],
    nullable: { list: false, items: true },
    description: 'The objects with these ids, in the same order; null in the place of one that does not exist.',
    args: { ids: t.arg.idList({ required: true, description: 'The ids of the objects.' }) },
    resolve: (_root, { ids }, context, info) => readNodes(ids, context, info),
  }),
}))
