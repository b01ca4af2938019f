import { liveNode } from '../../../server/schema/live-node.ts'

/** A noun that only administrators may watch: import this before anything that loads the schema. */
liveNode('User' as never, {
  model: 'User',
  word: 'user',
  deleted: 'A person who was removed.',
  scope: 'administrator',
})
