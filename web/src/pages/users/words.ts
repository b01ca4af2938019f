import type { ApiTokenScope, UserRole } from '../../api/gql/graphql.ts'

/** What may be done with an API token. */
export const scopes: Record<ApiTokenScope, { word: string; explanation: string }> = {
  READ: { word: 'Read', explanation: 'Sees states and figures, as a viewer does. Starts and changes nothing.' },
  FULL: {
    word: 'Full',
    explanation: 'Does what you may, but makes no tokens and no people, and changes no passwords.',
  },
}

/** What people may do. */
export const roles: Record<UserRole, { word: string; explanation: string }> = {
  VIEWER: {
    word: 'Viewer',
    explanation: 'Sees states and figures. Starts and changes nothing, and sees no hooks and no other people.',
  },
  ADMINISTRATOR: { word: 'Administrator', explanation: 'Does and sees everything.' },
}

const day = 86_400_000

/** For how many days a token may last; null for ever. */
export const lifetimes: readonly { days: number | null; word: string }[] = [
  { days: 30, word: '30 days' },
  { days: 90, word: '90 days' },
  { days: 365, word: 'A year' },
  { days: null, word: 'For ever' },
]

/** When what lasts so many days from `now` (milliseconds since the epoch) ends, as the API takes it. */
export const endAfter = (days: number | null, now: number): string | null =>
  days === null ? null : new Date(now + days * day).toISOString()

/** A first try of an API token, as a shell command. */
export const tokenCommand = (token: string, origin: string): string =>
  `curl ${origin}/graphql -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' \\\n  -d '{"query": "{ me { username role } }"}'`
