import { z } from 'zod'
import type { Prisma } from '../../../prisma/generated/client/client.ts'
import type { App } from '../../app.ts'
import type { Database } from '../../database/client.ts'
import { validated } from '../../problems.ts'

const columns = {
  concurrentJobs: true,
  concurrentBackups: true,
  pausedAt: true,
  pausedById: true,
  pauseReason: true,
  pausedBy: { select: { username: true } },
} satisfies Prisma.SettingsSelect

/** What an administrator set for the queue. */
export type QueueSettings = Prisma.SettingsGetPayload<{ select: typeof columns }>

/** What holds before the first change; the defaults of the columns. */
const initial: QueueSettings = {
  concurrentJobs: 4,
  concurrentBackups: 4,
  pausedAt: null,
  pausedById: null,
  pauseReason: null,
  pausedBy: null,
}

export const readQueueSettings = async (db: Database): Promise<QueueSettings> =>
  (await db.settings.findUnique({ where: { id: 1 }, select: columns })) ?? initial

/** The id that is announced of what there is one of only. */
export const theQueue = 'queue'

const change = async (
  { db, events, jobs }: Pick<App, 'db' | 'events' | 'jobs'>,
  data: Omit<Prisma.SettingsUncheckedCreateInput, 'id'>,
): Promise<QueueSettings> => {
  const settings = await db.settings.upsert({ where: { id: 1 }, create: data, update: data, select: columns })
  events.publish('queue:changed', theQueue)
  jobs.look()
  return settings
}

const pauseInput = z.object({
  reason: z
    .string()
    .trim()
    .max(200, 'is longer than 200 characters')
    .nullish()
    .transform((reason) => reason || null),
})

/** Begins no job any more until the queue is resumed; what runs goes on to its end. Throws `InvalidInput`. */
export const pauseQueue = (app: App, userId: string, input: unknown): Promise<QueueSettings> => {
  const { reason } = validated(pauseInput, input)
  return change(app, { pausedAt: new Date(), pausedById: userId, pauseReason: reason })
}

/** Begins jobs again. */
export const resumeQueue = (app: App): Promise<QueueSettings> =>
  change(app, { pausedAt: null, pausedById: null, pauseReason: null })

const limit = z.number().int().min(1, 'must be 1 or more').max(64, 'must be 64 or less').nullish()

const updateInput = z.object({ concurrentJobs: limit, concurrentBackups: limit })

/** Changes how many jobs run at the same time, at once; what is left out stays. Throws `InvalidInput`. */
export const updateQueue = (app: App, input: unknown): Promise<QueueSettings> => {
  const { concurrentJobs, concurrentBackups } = validated(updateInput, input)
  return change(app, {
    ...(concurrentJobs && { concurrentJobs }),
    ...(concurrentBackups && { concurrentBackups }),
  })
}
