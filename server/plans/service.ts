import { z } from 'zod'
import { type BackupPlan, type Hook, type Job, Prisma, type Repository } from '../../prisma/generated/client/client.ts'
import type { App } from '../app.ts'
import { announceJob, newJob } from '../jobs/records/create.ts'
import { InvalidInput, NameTaken, validated } from '../problems.ts'
import { nameInput } from '../repositories/name.ts'
import { RepositoryNotFound, RepositoryNotReady } from '../repositories/problems.ts'
import { findRepository } from '../repositories/service.ts'
import { isUsable } from '../repositories/state.ts'
import { type BackupSettings, backupSettings } from './backup-settings.ts'
import { mergedShape } from './merged.ts'
import { PlanNotFound } from './problems.ts'
import { planSections } from './sections/index.ts'
import { assertUsable, settingsInput } from './settings.ts'

/** How its jobs are run; what is left out stays. */
const policies = mergedShape(planSections.map(({ input }) => input))

const createInput = z.object({ ...policies, name: nameInput, repositoryId: z.string(), settings: settingsInput })

const updateInput = z.object({
  ...policies,
  name: nameInput.nullish(),
  repositoryId: z.string().nullish(),
  settings: settingsInput.nullish(),
})

type Policies = z.output<z.ZodObject<typeof policies>>

const assertPolicies = async (input: Policies): Promise<void> => {
  for (const { check } of planSections) await check(input)
}

const policyColumns = (input: Policies) => Object.assign({}, ...planSections.map(({ columns }) => columns(input)))

const writePolicies = async (app: App, records: Prisma.TransactionClient, planId: string, input: Policies) => {
  for (const { write } of planSections) await write(app, records, { planId, input })
}

const findPlan = async ({ db }: Pick<App, 'db'>, id: string) => {
  const plan = await db.backupPlan.findUnique({ where: { id }, include: { repository: true, hooks: true } })
  if (plan === null) throw new PlanNotFound()
  return plan
}

/** Throws the problem that stands behind what the records refused: since it was looked at, something was made or removed. */
const refuse =
  (name: string) =>
  (error: unknown): never => {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError)) throw error
    if (error.code === 'P2002') throw new NameTaken('plan', name)
    if (error.code === 'P2003') throw new RepositoryNotFound()
    if (error.code === 'P2025') throw new PlanNotFound()
    throw error
  }

/** Throws `InvalidInput`, `NameTaken`, `RepositoryNotFound`, `LocationUnusable`, `PatternsUnchecked`. */
export const createPlan = async (app: App, input: unknown): Promise<BackupPlan> => {
  const { name, repositoryId, settings, ...policies } = validated(createInput, input)
  const repository = await findRepository(app, repositoryId)
  await assertPolicies(policies)
  await assertUsable(app, settings, { repository, planName: name, path: ['settings'] })
  const plan = await app.db
    .$transaction(async (records) => {
      const created = await records.backupPlan.create({
        data: { name, repositoryId, settings, ...policyColumns(policies) },
      })
      await writePolicies(app, records, created.id, policies)
      return created
    })
    .catch(refuse(name))
  app.events.publish('backupPlan:changed', plan.id)
  return plan
}

/**
 * Changes what is given and keeps the rest; settings and hooks are replaced as a whole. Jobs that are written down already
 * stay as they are, but for the name of their plan. Throws `PlanNotFound` and what `createPlan` throws.
 */
export const updatePlan = async (app: App, id: string, input: unknown): Promise<BackupPlan> => {
  const changes = validated(updateInput, input)
  const before = await findPlan(app, id)
  const repository = changes.repositoryId ? await findRepository(app, changes.repositoryId) : before.repository
  const name = changes.name ?? before.name
  await assertPolicies(changes)
  if (changes.settings || changes.repositoryId || changes.name) {
    const settings = changes.settings ?? backupSettings.parse(before.settings)
    await assertUsable(app, settings, { repository, planName: name, path: ['settings'] })
  }
  const plan = await app.db
    .$transaction(async (records) => {
      const updated = await records.backupPlan.update({
        where: { id },
        data: {
          ...(changes.name && { name }),
          ...(changes.repositoryId && { repositoryId: repository.id }),
          ...(changes.settings && { settings: changes.settings }),
          ...policyColumns(changes),
        },
      })
      await writePolicies(app, records, id, changes)
      return updated
    })
    .catch(refuse(name))
  app.events.publish('backupPlan:changed', id)
  return plan
}

/** Removes a plan with its schedules; its jobs and archives stay. Throws `PlanNotFound`. */
export const deletePlan = async (app: App, id: string): Promise<void> => {
  const schedules = await app.clock.schedulesOf({ planId: id })
  const { count } = await app.db.backupPlan.deleteMany({ where: { id } })
  if (count === 0) throw new PlanNotFound()
  app.events.publish('backupPlan:deleted', id)
  app.clock.announceDeleted(schedules)
}

/** What is to be run: a plan, or settings in a repository. */
export interface RunInput {
  readonly planId: string | null
  readonly repositoryId: string | null
  readonly settings: Readonly<Record<string, unknown>>
}

interface Run {
  readonly repository: Repository
  readonly plan: (BackupPlan & { readonly hooks: readonly Hook[] }) | null
  readonly settings: BackupSettings
}

const findRun = async (app: App, { planId, repositoryId, settings }: RunInput): Promise<Run> => {
  if (planId === null) {
    if (repositoryId === null) {
      throw new InvalidInput([{ path: ['planId'], message: 'is missing: give either planId or repositoryId' }])
    }
    return {
      repository: await findRepository(app, repositoryId),
      plan: null,
      settings: validated(settingsInput, settings),
    }
  }
  const others = { repositoryId, ...settings }
  const given = Object.entries(others).filter(([, value]) => value !== null && value !== undefined)
  if (given.length > 0) {
    throw new InvalidInput(given.map(([field]) => ({ path: [field], message: 'comes from the plan: leave it out' })))
  }
  const { repository, ...plan } = await findPlan(app, planId)
  return { repository, plan, settings: backupSettings.parse(plan.settings) }
}

/** Throws the problem that stands behind a job that the records refused: what it was for was removed meanwhile. */
const refuseRemoved =
  (app: App, { id }: Repository) =>
  async (error: unknown): Promise<never> => {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2003')) throw error
    await findRepository(app, id)
    throw new PlanNotFound()
  }

const start = async (app: App, userId: string, kind: 'BACKUP' | 'DRY_RUN', input: RunInput): Promise<Job> => {
  const { repository, plan, settings } = await findRun(app, input)
  if (!isUsable(repository)) throw new RepositoryNotReady(repository.problem)
  const path = plan === null ? [] : ['settings']
  await assertUsable(app, settings, { repository, planName: plan?.name ?? null, path })
  const job = await app.db.job
    .create({ data: newJob(app, { kind, input: { plan }, repository, requestedById: userId, settings, plan }) })
    .catch(refuseRemoved(app, repository))
  announceJob(app, job.id)
  return job
}

/**
 * Writes down a backup and has it run. Throws `InvalidInput`, `PlanNotFound`, `RepositoryNotFound`, `RepositoryNotReady`,
 * `LocationUnusable`, `PatternsUnchecked`.
 */
export const startBackup = (app: App, userId: string, input: RunInput): Promise<Job> =>
  start(app, userId, 'BACKUP', input)

/** Has it found out what such a backup would take along. Throws what `startBackup` throws. */
export const startDryRun = (app: App, userId: string, input: RunInput): Promise<Job> =>
  start(app, userId, 'DRY_RUN', input)
