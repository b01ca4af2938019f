import type { ObjectRef } from '@pothos/core'
import { builder, type SchemaTypes } from './builder.ts'

/** What the Prisma plugin hands to a connection as the number of its items: the number, or what counts them. */
interface Counted {
  readonly totalCount?: number | (() => number | Promise<number>)
}

/**
 * The connection and the edge of a type, `JobConnection` and `JobEdge` for `Job`: one of each, whichever field returns it.
 * For the last two parameters of `t.prismaConnection` and `t.relatedConnection`; each such field says how it is counted.
 */
export const connectionOf = <Shape>(name: string, type: ObjectRef<SchemaTypes, Shape>) => {
  const edge = builder.edgeObject({ name: `${name}Edge`, type })
  const connection = builder.connectionObject(
    {
      name: `${name}Connection`,
      type,
      fields: (t) => ({
        totalCount: t.int({
          description: 'Number of items in the whole list.',
          // So that the plugin counts only where this is asked for, and reads no page where nothing else is.
          extensions: { pothosPrismaTotalCount: true },
          resolve: async (connection) => {
            const { totalCount } = connection as Counted
            const count = typeof totalCount === 'function' ? await totalCount() : totalCount
            if (count === undefined) throw new Error(`a ${name}Connection does not say how it is counted`)
            return count
          },
        }),
      }),
    },
    edge,
  )
  return [connection, edge] as const
}
