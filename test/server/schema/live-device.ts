import { liveNode } from '../../../server/schema/live-node.ts'

/** A noun that only administrators may watch: import this before anything that loads the schema. */
liveNode('User' as never, {
  model: 'Device',
  word: 'device',
  deleted: 'A device that was removed.',
  scope: 'administrator',
})
