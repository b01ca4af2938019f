import pLimit from 'p-limit'
import type { LockEvidence } from './locks.ts'
import { placeOf } from './place.ts'

/** Programs that look at once, however many ask. */
const limit = pLimit(4)

/** Milliseconds that a place has to answer whoever only wants to know. */
const timeout = 2_000

const looking = new Map<string, Promise<readonly LockEvidence[]>>()

/** Who holds borg's lock at a place now; nobody where it does not answer. Whoever asks meanwhile gets the same answer. */
export const lookAtLocks = (location: string): Promise<readonly LockEvidence[]> => {
  const place = placeOf({ location })
  const look = async () => ((await place.answers({ timeout })) ? place.readLocks() : [])
  const found = looking.get(location) ?? limit(look).finally(() => looking.delete(location))
  looking.set(location, found)
  return found
}
