import { z } from 'zod'
import { type Job, Prisma, type Repository } from '../../prisma/generated/client/client.ts'
import type { App } from '../app.ts'
import { keyRepositoryId } from '../borg/key.ts'
import { isInside, resolvePath } from '../folders/path.ts'
import { LocationUnusable } from '../folders/problems.ts'
import { silentOf } from '../folders/silent.ts'
import { announceJob, newJob } from '../jobs/records/create.ts'
import { unfinishedStates } from '../jobs/records/states.ts'
import { worksOn } from '../jobs/records/task-repositories.ts'
import { InvalidInput, NameTaken, validated } from '../problems.ts'
import { Secret } from '../secrets/secret.ts'
import { keyPurpose, passphrasePurpose } from './borg-access.ts'
import { findTaken } from './identity.ts'
import type { ImportSettings } from './job-settings.ts'
import { assertCreatable, assertImportable, repositoryLocation } from './location.ts'
import { nameInput as name } from './name.ts'
import { placeOf } from './place.ts'
import { LocationTaken, RepositoryBusy, RepositoryNotFound, RepositoryNotReady } from './problems.ts'
import { isUsable } from './state.ts'

const passphrase = z
  .string()
  .max(4096, 'is longer than 4096 characters')
  .refine((text) => !/[\r\n\0]/.test(text), 'must be one line')
  .refine((text) => text.isWellFormed(), 'must be Unicode text')

const secret = (text: string) => new Secret(text)

const lockWait = z.number().int().min(0, 'must be 0 or more').max(3600, 'must be an hour or less')

const createInput = z
  .object({
    name,
    location: repositoryLocation,
    encryption: z.enum([
      'REPOKEY',
      'REPOKEY_BLAKE2',
      'KEYFILE',
      'KEYFILE_BLAKE2',
      'AUTHENTICATED',
      'AUTHENTICATED_BLAKE2',
      'NONE',
    ]),
    passphrase: passphrase.nullish(),
    lockWait,
  })
  .superRefine(({ encryption, passphrase }, context) => {
    const length = passphrase?.length ?? 0
    const refuse = (message: string) => context.addIssue({ code: 'custom', path: ['passphrase'], message })
    if (encryption === 'NONE' && length > 0) refuse('a repository without encryption has no passphrase')
    if (encryption !== 'NONE' && length < 8) refuse('must have 8 characters or more')
  })
  .transform(({ passphrase, ...rest }) => ({ ...rest, passphrase: passphrase ? secret(passphrase) : null }))

const importInput = z.object({
  name,
  location: repositoryLocation,
  passphrase: passphrase.transform(secret).nullish(),
  key: z
    .string()
    .max(65_536, 'is longer than 64 KiB')
    // As it was saved or copied on another system.
    .transform((text) => text.replace(/\r\n?/g, '\n'))
    .refine(
      (text) => text.trimStart().startsWith('BORG_KEY '),
      'must be what `borg key export` printed, which begins with BORG_KEY',
    )
    .transform((text, context) => {
      const key = `${text.trim()}\n`
      const repositoryId = keyRepositoryId(key)
      if (repositoryId !== null) return { repositoryId, secret: secret(key) }
      context.addIssue({ code: 'custom', message: 'is no whole borg key: it was cut short, or changed on its way' })
      return z.NEVER
    })
    .nullish(),
  isMoved: z.boolean(),
  lockWait,
})

const updateInput = z.object({
  name: name.nullish(),
  location: repositoryLocation.nullish(),
  passphrase: passphrase.transform(secret).nullish(),
  lockWait: lockWait.nullish(),
})

/** Throws `NameTaken`, `LocationTaken` for what the records refused. */
const refuseTaken =
  ({ name, location }: { name?: string | null; location?: string | null }) =>
  (error: unknown): never => {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
      const columns = JSON.stringify(error.meta)
      if (location && columns.includes('location')) throw new LocationTaken(location)
      throw new NameTaken('repository', name ?? '')
    }
    throw error
  }

/**
 * Throws `LocationTaken`, `LocationUnusable` where another repository than the one with the id `own` is at a path, or
 * above it, or has a copy there.
 */
const assertFree = async (db: App['db'], path: string, own?: string): Promise<void> => {
  const resolved = await resolvePath(path)
  const others = await db.repository.findMany({ select: { id: true, location: true } })
  // What does not answer is elsewhere: the path itself did.
  const silent = await silentOf(others.map(({ location }) => location))
  for (const { id, location } of others) {
    if (id === own || silent.includes(location)) continue
    const other = await resolvePath(location)
    if (other === resolved) throw new LocationTaken(path)
    if (isInside(resolved, other)) throw new LocationUnusable(path, `is inside the repository ${location}.`)
  }
  const config = await placeOf({ location: path }).readConfig()
  const taken =
    config && (await findTaken(db, { location: path, borgId: config.id, ...(own !== undefined && { own }) }))
  if (taken) throw new LocationUnusable(path, taken)
}

interface NewRepository {
  readonly kind: 'CREATE_REPOSITORY' | 'IMPORT_REPOSITORY'
  readonly columns: Pick<Prisma.RepositoryUncheckedCreateInput, 'name' | 'location' | 'encryption' | 'lockWait'>
  readonly passphrase: Secret | null
  readonly key: Secret | null
  readonly settings?: Partial<ImportSettings>
}

/** Writes down a repository with the job that makes it ready. */
const addRepository = async (
  app: App,
  userId: string,
  { kind, columns, passphrase, key, settings = {} }: NewRepository,
): Promise<Job> => {
  const { db, vault, events } = app
  await assertFree(db, columns.location)
  const job = await db
    .$transaction(async (records) => {
      const { id } = await records.repository.create({ data: columns, select: { id: true } })
      const repository = await records.repository.update({
        where: { id },
        data: {
          passphraseSealed: passphrase && vault.seal(passphrase, passphrasePurpose(id)),
          keySealed: key && vault.seal(key, keyPurpose(id)),
        },
      })
      const job = newJob(app, {
        ...{ kind, repository, settings },
        input: { hasKey: key !== null },
        requestedById: userId,
      })
      return records.job.create({ data: job })
    })
    .catch(refuseTaken(columns))
  events.publish('repository:changed', job.repositoryId ?? '')
  announceJob(app, job.id)
  return job
}

/** Throws `InvalidInput`, `NameTaken`, `LocationTaken`, `LocationUnusable`. Returns the job that runs `borg init`. */
export const createRepository = async (app: App, userId: string, input: unknown): Promise<Job> => {
  const { passphrase, ...columns } = validated(createInput, input)
  await assertCreatable(columns.location, app.config.dataFolder)
  return addRepository(app, userId, { kind: 'CREATE_REPOSITORY', columns, passphrase, key: null })
}

/** Throws `InvalidInput` for a key that a repository does not want: borg would put it in the place of its own. */
const assertWanted = async (repositoryId: string, location: string): Promise<void> => {
  const refuse = (message: string) => {
    throw new InvalidInput([{ path: ['key'], message }])
  }
  const config = await placeOf({ location }).readConfig()
  if (config?.hasKey) refuse('must be left out: this repository keeps its key in itself')
  if (config?.id && config.id !== repositoryId) refuse('belongs to another repository')
}

/** Throws `InvalidInput`, `NameTaken`, `LocationTaken`, `LocationUnusable`. Returns the job that opens the repository. */
export const importRepository = async (app: App, userId: string, input: unknown): Promise<Job> => {
  const { passphrase, key, isMoved, ...columns } = validated(importInput, input)
  await assertImportable(columns.location, app.config.dataFolder)
  if (key) await assertWanted(key.repositoryId, columns.location)
  return addRepository(app, userId, {
    kind: 'IMPORT_REPOSITORY',
    columns,
    passphrase: passphrase ?? null,
    key: key?.secret ?? null,
    settings: { isMoved },
  })
}

/** Throws `RepositoryNotFound`. */
export const findRepository = async ({ db }: Pick<App, 'db'>, id: string): Promise<Repository> => {
  const repository = await db.repository.findUnique({ where: { id } })
  if (repository === null) throw new RepositoryNotFound()
  return repository
}

/** Throws `RepositoryBusy` where jobs on a repository run or wait. */
const assertIdle = async ({ job }: Pick<Prisma.TransactionClient, 'job'>, id: string): Promise<void> => {
  const busy = await job.findFirst({
    where: { state: { in: [...unfinishedStates] }, ...worksOn(id) },
    select: { id: true },
  })
  if (busy !== null) throw new RepositoryBusy()
}

/** Throws `LocationTaken`, `LocationUnusable`, `RepositoryBusy` where a repository cannot be looked for at another path. */
const assertMovable = async (app: App, { id, borgId }: Repository, location: string): Promise<void> => {
  await assertImportable(location, app.config.dataFolder)
  await assertFree(app.db, location, id)
  const config = await placeOf({ location }).readConfig()
  if (config && borgId !== null && config.id !== borgId) {
    throw new LocationUnusable(location, `is another repository than this one: it has the id ${config.id}.`)
  }
  await assertIdle(app.db, id)
}

/**
 * Changes what is given and keeps the rest. Throws `InvalidInput`, `RepositoryNotFound`, `NameTaken`, and where the path
 * changes `LocationTaken`, `LocationUnusable`, `RepositoryBusy`.
 */
export const updateRepository = async (app: App, id: string, input: unknown): Promise<Repository> => {
  const { name, location, passphrase, lockWait } = validated(updateInput, input)
  const before = await findRepository(app, id)
  if (location && location !== before.location) await assertMovable(app, before, location)
  const repository = await app.db.repository
    .update({
      where: { id },
      data: {
        ...(name && { name }),
        ...(location && { location }),
        ...(passphrase && { passphraseSealed: app.vault.seal(passphrase, passphrasePurpose(id)) }),
        ...(lockWait !== null && { lockWait }),
      },
    })
    .catch(refuseTaken({ name, location }))
  app.events.publish('repository:changed', id)
  return repository
}

/** Removes the records of a repository with its plans and schedules; its files stay. Throws `RepositoryNotFound`, `RepositoryBusy`. */
export const deleteRepository = async (app: App, id: string): Promise<void> => {
  const schedules = await app.clock.schedulesOf({ repositoryId: id })
  const plans = await app.db.$transaction(async (records) => {
    await assertIdle(records, id)
    const removed = await records.backupPlan.findMany({ where: { repositoryId: id }, select: { id: true } })
    const { count } = await records.repository.deleteMany({ where: { id } })
    if (count === 0) throw new RepositoryNotFound()
    return removed
  })
  app.events.publish('repository:deleted', id)
  for (const plan of plans) app.events.publish('backupPlan:deleted', plan.id)
  app.clock.announceDeleted(schedules)
}

/** Throws `RepositoryNotFound` for a job that the records refused: its repository was removed meanwhile. */
const refuseGone = (error: unknown): never => {
  if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2003') throw new RepositoryNotFound()
  throw error
}

/** Writes down a job on one repository, and has it run. Throws `RepositoryNotFound`. */
export const startJob = async (app: App, job: Prisma.JobUncheckedCreateInput): Promise<Job> => {
  const started = await app.db.job.create({ data: job }).catch(refuseGone)
  announceJob(app, started.id)
  return started
}

/** Has the list of archives read again. Throws `RepositoryNotFound`. */
export const startRefresh = async (app: App, userId: string, repositoryId: string): Promise<Job> => {
  const repository = await findRepository(app, repositoryId)
  return startJob(app, newJob(app, { kind: 'REFRESH_ARCHIVES', input: {}, repository, requestedById: userId }))
}

const compactInput = z.object({
  threshold: z.number().int().min(0, 'must be 0 or more').max(100, 'must be 100 or less').nullish(),
})

/** Has the space of what was deleted freed. Throws `InvalidInput`, `RepositoryNotFound`, `RepositoryNotReady`. */
export const startCompact = async (app: App, userId: string, repositoryId: string, input: unknown): Promise<Job> => {
  const { threshold } = validated(compactInput, input)
  const repository = await findRepository(app, repositoryId)
  if (!isUsable(repository)) throw new RepositoryNotReady(repository.problem)
  const of = threshold === null || threshold === undefined ? {} : { threshold }
  return startJob(app, newJob(app, { kind: 'COMPACT', input: of, repository, requestedById: userId }))
}
