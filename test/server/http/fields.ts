import type { Announcement } from '../../../server/events.ts'
import { builder } from '../../../server/schema/builder.ts'

/** Fields of these tests' own: import this before anything that loads the schema. */

/** How often each subscription of the tests was begun and ended. */
export const watched = { begun: 0, ended: 0 }

builder.subscriptionFields((t) => ({
  testTicks: t.string({
    description: 'Ids of jobs, as they are announced.',
    subscribe: async (_root, _args, { events }) => {
      const ids = await events.watch('job:changed')
      watched.begun++
      const counted: AsyncIterableIterator<Announcement, void, void> = {
        next: () => ids.next(),
        return: async () => {
          watched.ended++
          await ids.return?.()
          return { done: true, value: undefined }
        },
        [Symbol.asyncIterator]: () => counted,
      }
      return counted
    },
    resolve: ({ id }: Announcement) => id,
  }),
}))

const testLeaf = builder.objectRef<{ depth: number }>('TestLeaf').implement({
  description: 'A thing with more of the same inside.',
  fields: (t) => ({
    depth: t.int({ description: 'How deep it is.', resolve: ({ depth }) => depth }),
  }),
})
builder.objectFields(testLeaf, (t) => ({
  inner: t.field({ type: testLeaf, description: 'One more.', resolve: ({ depth }) => ({ depth: depth + 1 }) }),
  many: t.connection(
    {
      type: testLeaf,
      description: 'Many more.',
      resolve: () => ({
        pageInfo: { hasNextPage: false, hasPreviousPage: false },
        edges: [{ cursor: '', node: { depth: 1 } }],
      }),
    },
    { name: 'TestLeafConnection' },
    { name: 'TestLeafEdge' },
  ),
}))
builder.subscriptionFields((t) => ({
  testLeaves: t.field({
    type: testLeaf,
    description: 'Things, one after the other.',
    subscribe: async function* () {
      watched.begun++
      yield { depth: 0 }
    },
    resolve: (leaf: { depth: number }) => leaf,
  }),
}))
builder.queryFields((t) => ({
  testSize: t.field({
    type: 'ByteCount',
    nullable: true,
    description: 'What it is given.',
    args: { size: t.arg({ type: 'ByteCount', description: 'A size.' }) },
    resolve: (_root, { size }) => size ?? null,
  }),
  testLeaf: t.field({ type: testLeaf, description: 'The outermost.', resolve: () => ({ depth: 0 }) }),
  testBroken: t.string({
    description: 'Has nothing to say, where the schema asks for something.',
    resolve: () => null as unknown as string,
  }),
  testFailure: t.string({
    description: 'Fails in a way that nobody foresaw.',
    args: { secret: t.arg.string({ description: 'What the error holds.' }) },
    resolve: (_root, { secret }) => {
      throw Object.assign(new Error('the canary /etc/borg --argv'), { detail: secret ? 'given' : 'none' })
    },
  }),
}))
