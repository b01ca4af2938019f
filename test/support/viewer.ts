import type { ApiTokenScope, UserRole } from '../../prisma/generated/client/client.ts'
import type { Caller } from '../../server/http/context.ts'
import { makeViewer } from '../../server/users/rights.ts'

/** A person of a role with a session, or a program with a token of theirs. */
export const viewerAs = (role: string, scope: ApiTokenScope | null = null, id = 'u') =>
  makeViewer({ id, username: 'u', role: role as UserRole }, 'c', scope)

/** What a transport hands to an operation of theirs, or of a stranger. */
export const callerOf = (viewer: Caller['viewer']): Caller => ({
  viewer,
  sessionToken: null,
  deviceToken: null,
  address: '192.0.2.1',
  setSession: () => {},
})
