import { createSignal } from 'solid-js'
import type { SessionQuery, UserRole } from './gql/graphql.ts'

const [viewer, setViewer] = createSignal<SessionQuery['me']>()

/** Says who is signed in, before anything is shown to them. */
export { setViewer }

/** Whether this is the person who is signed in. */
export const isSelf = (id: string) => viewer()?.id === id

/** What each role may do, as the server has it: what that would refuse is not shown. */
const rights: Readonly<Record<UserRole, { readonly act: boolean; readonly administer: boolean }>> = {
  ADMINISTRATOR: { act: true, administer: true },
  VIEWER: { act: false, administer: false },
}

const rightsOfViewer = () => {
  const role = viewer()?.role
  return role ? rights[role] : undefined
}

/** Whether the person may start and change things. */
export const canAct = () => rightsOfViewer()?.act ?? false

/** Whether the person may see and change what is for administrators: hooks and what they print, and people. */
export const canAdminister = () => rightsOfViewer()?.administer ?? false
