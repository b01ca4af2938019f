import { createSignal } from 'solid-js'
import type { SessionQuery } from './gql/graphql.ts'

const [viewer, setViewer] = createSignal<SessionQuery['me']>()

/** Says who is signed in, before anything is shown to them. */
export { setViewer }

/** Whether this is the person who is signed in. */
export const isSelf = (id: string) => viewer()?.id === id

/** Whether the person may start and change things. What the server would refuse them is not shown. */
export const canAct = () => viewer()?.role === 'ADMINISTRATOR'

/** Whether the person may see and change what is for administrators: hooks and what they print, and people. */
export const canAdminister = () => viewer()?.role === 'ADMINISTRATOR'
