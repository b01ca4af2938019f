import type { ApiTokenScope, User, UserRole } from '../../prisma/generated/client/client.ts'

/** Somebody who is signed in, or whom a program asks for. Both rights are false for all that may only look. */
export interface Viewer {
  readonly userId: string
  readonly username: string
  readonly role: UserRole
  /** The session or the API token that tells who it is; it ends with that. */
  readonly credentialId: string
  /** What the API token may do; null for a person with a session. */
  readonly tokenScope: ApiTokenScope | null
  /** Whether they may start and change things. */
  readonly mayAct: boolean
  /** Whether they may do and see what is for administrators. */
  readonly mayAdminister: boolean
}

type Rights = Pick<Viewer, 'mayAct' | 'mayAdminister'>

const none: Rights = { mayAct: false, mayAdminister: false }

/** What people may do beyond looking. */
const rightsOf: Record<UserRole, Rights> = {
  ADMINISTRATOR: { mayAct: true, mayAdminister: true },
  VIEWER: none,
}

/** The owner of a session, whose `scope` is null, or of an API token. */
export const makeViewer = (
  { id: userId, username, role }: Pick<User, 'id' | 'username' | 'role'>,
  credentialId: string,
  scope: ApiTokenScope | null = null,
): Viewer => ({
  userId,
  username,
  role,
  credentialId,
  tokenScope: scope,
  // A role that these records know and this server does not may look only.
  ...(scope === 'READ' ? none : (rightsOf[role] ?? none)),
})
