import { resolveNodes } from '@pothos/plugin-relay'
import type { Announcement, EventName } from '../events.ts'
import { builder, type Scope, scopesOf } from './builder.ts'
import { startingWith } from './live.ts'

/** What an event is about. */
interface Subject {
  readonly typename: string
  /** False for what there is one of. */
  readonly hasId: boolean
  readonly isDeleted: boolean
  /** Who may know of it. */
  readonly scope: Scope
}

const subjects = new Map<EventName, Subject>()

/** Has `changes` tell of an event. */
export const tellChanges = (event: EventName, subject: Subject): void => {
  subjects.set(event, subject)
}

const subjectOf = ({ name }: Announcement): Subject => {
  const subject = subjects.get(name)
  if (subject === undefined) throw new Error(`nobody said what ${name} is about`)
  return subject
}

const change = builder.objectRef<Announcement>('Change').implement({
  description: 'That something was made, changed or removed.',
  fields: (t) => ({
    typename: t.string({
      description: 'The name of its type, such as `Job`.',
      resolve: (announcement) => subjectOf(announcement).typename,
    }),
    id: t.globalID({
      nullable: true,
      description: 'Its id; null for what there is one of, such as the `Queue`.',
      resolve: (announcement) => {
        const { typename, hasId } = subjectOf(announcement)
        return hasId ? { type: typename, id: announcement.id } : null
      },
    }),
    isDeleted: t.boolean({
      description: 'Whether it was removed.',
      resolve: (announcement) => subjectOf(announcement).isDeleted,
    }),
    node: t.field({
      type: builder.nodeInterfaceRef(),
      nullable: true,
      description:
        'How it is now; null where it has no id or is not there any more. Only where this is asked for is anything read.',
      resolve: async (announcement, _args, context, info) => {
        const { typename, hasId, isDeleted } = subjectOf(announcement)
        if (!hasId || isDeleted) return null
        const [node] = await resolveNodes(builder, context, info, [{ typename, id: announcement.id }])
        return node
      },
    }),
  }),
})

builder.subscriptionField('changes', (t) =>
  t.field({
    type: change,
    nullable: true,
    description:
      'Whatever is made, changed or removed, of all that you may see. Begins with null when it watches: what is read after that misses nothing that is not told here.',
    subscribe: async (_root, _args, context) => {
      const scopes = scopesOf(context)
      const names = [...subjects].filter(([, { scope }]) => scopes[scope]).map(([name]) => name)
      return startingWith<Announcement | null>(null, await context.events.watch(names))
    },
    resolve: (announcement) => announcement as Announcement | null,
  }),
)
