import { type Job, Prisma, type Repository } from '../../prisma/generated/client/client.ts'
import { keepsKeyInRepository } from '../borg/encryption.ts'
import type { Database } from '../database/client.ts'
import { isSamePlace } from '../folders/same-place.ts'
import { acceptSettings } from './job-settings.ts'
import { placeOf } from './place.ts'
import type { Doubt } from './state.ts'

/** Why what is at the place of a repository is not opened. */
export interface Refusal {
  readonly problem: string
  /** What a person may confirm; null where there is nothing to confirm. */
  readonly doubt: Doubt | null
  /** Whether it tells of the job only, and nothing of the repository. */
  readonly isAboutJob?: true
}

const nothingToConfirm: Refusal = {
  problem: 'The repository was opened since that was confirmed: there is nothing to confirm any more.',
  doubt: null,
  isAboutJob: true,
}

type Named = Pick<Repository, 'name' | 'location'>

/** What is the matter with a path at which there is `other`, or a copy of it: a sentence that goes on from the path. */
const sayTaken = async (location: string, borgId: string, other: Named): Promise<string> => {
  if (await isSamePlace(location, other.location)) {
    return `is the repository ${other.name}, which is managed here already at ${other.location}.`
  }
  const isThere = (await placeOf(other).readConfig())?.id === borgId
  return isThere
    ? `is a copy of the repository ${other.name}, which is managed here already at ${other.location}: both have the same id, and borg takes them for one.`
    : `is the repository ${other.name}, or a copy of it, which is managed here already and cannot be found at ${other.location} now: if it was moved, change its path.`
}

/**
 * Why what is at a path, with an id, is no repository of its own, as a sentence that goes on from the path; null where
 * no other than the one with the id `own` is known by it.
 */
export const findTaken = async (
  db: Pick<Database, 'repository'>,
  { location, borgId, own }: { location: string; borgId: string; own?: string },
): Promise<string | null> => {
  const other = await db.repository.findFirst({
    where: { borgId, ...(own !== undefined && { id: { not: own } }) },
    select: { name: true, location: true },
  })
  return other === null ? null : sayTaken(location, borgId, other)
}

/** Writes down the id of a repository that has none yet; false where another has it. Of several that try, one succeeds. */
const claim = async (db: Pick<Database, 'repository'>, id: string, borgId: string): Promise<boolean> => {
  try {
    await db.repository.updateMany({ where: { id, borgId: null }, data: { borgId } })
    return true
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') return false
    throw error
  }
}

/** The beginning of an id, which tells it from others. */
const shortId = (borgId: string) => `${borgId.slice(0, 12)}…`

export const sayReplaced = (expected: string, found: string): string =>
  `There is another repository at this path now: it has the id ${shortId(found)}, and this one has ${shortId(expected)}. If you have put it there yourself, confirm that on the page of the repository. If not, somebody may have put it in the place of yours, to get your backups: that can be an attack.`

/** What a person has confirmed, where the job is there to act on it. */
export const acceptedBy = ({ kind, settings }: Pick<Job, 'kind' | 'settings'>) =>
  kind === 'ACCEPT_REPOSITORY' ? acceptSettings.parse(settings) : null

/**
 * Whether what is at the place of a repository is that repository, as far as can be told without opening it: to be asked
 * before anything is written there. Null where it is, or where nothing can be read, which borg will say.
 */
export const checkIdentity = async (
  db: Pick<Database, 'repository'>,
  repository: Repository,
  job: Pick<Job, 'kind' | 'settings'>,
): Promise<Refusal | null> => {
  const config = await placeOf(repository).readConfig()
  if (config === null) return null
  const { id, location, borgId, encryption } = repository
  const isClaimed = borgId === null && (await claim(db, id, config.id))
  if (isClaimed) return null
  const taken = config.id === borgId ? null : await findTaken(db, { location, borgId: config.id, own: id })
  if (taken !== null) return { problem: `${location} ${taken}`, doubt: null }
  const accepted = acceptedBy(job)
  if (accepted !== null) {
    if (repository.doubt === null) return nothingToConfirm
    if (accepted.borgId === config.id && accepted.doubt === repository.doubt) return null
    const reason = config.id === borgId ? repository.doubt : 'REPLACED'
    return {
      problem: 'What is at this path now is not what was confirmed.',
      doubt: { reason, borgId: config.id },
    }
  }
  if (borgId !== null && config.id !== borgId) {
    return { problem: sayReplaced(borgId, config.id), doubt: { reason: 'REPLACED', borgId: config.id } }
  }
  if (encryption !== null && keepsKeyInRepository(encryption) && !config.hasKey) {
    return {
      problem: 'The repository has lost its key, or another one was put in its place that is not encrypted.',
      doubt: null,
    }
  }
  return null
}
