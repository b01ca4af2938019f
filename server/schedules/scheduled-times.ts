import type { Prisma } from '../../prisma/generated/client/client.ts'

/** How many times of one schedule are known: a week of one that runs every minute, 27 years of a daily one. */
const most = 10_000

/**
 * Notes that a schedule deals with a time now; false where it has done so before, as when the clock of the machine was set
 * back and forth. In one transaction with what is done.
 */
export const takeTime = async (
  records: Pick<Prisma.TransactionClient, 'scheduledTime'>,
  scheduleId: string,
  scheduledFor: Date,
): Promise<boolean> => {
  const key = { scheduleId, scheduledFor }
  if (await records.scheduledTime.findUnique({ where: { scheduleId_scheduledFor: key } })) return false
  await records.scheduledTime.create({ data: key })
  const old = await records.scheduledTime.findFirst({
    where: { scheduleId },
    orderBy: { scheduledFor: 'desc' },
    skip: most,
    select: { scheduledFor: true },
  })
  if (old !== null) {
    await records.scheduledTime.deleteMany({ where: { scheduleId, scheduledFor: { lte: old.scheduledFor } } })
  }
  return true
}
