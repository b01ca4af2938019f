import type { JobLogEntry, JobLogger, JobLogQuery } from 'agenda'
import { type AgendaJobLog, Prisma } from '../../../prisma/generated/client/client.ts'
import type { Database } from '../../database/client.ts'

const among = <T extends string>(asked: T | T[] | undefined) =>
  asked === undefined ? undefined : { in: Array.isArray(asked) ? asked : [asked] }

const where = ({ jobId, jobName, level, event, from, to }: JobLogQuery): Prisma.AgendaJobLogWhereInput => ({
  jobId: jobId || undefined,
  jobName: jobName || undefined,
  level: among(level),
  event: among(event),
  timestamp: { gte: from, lte: to },
})

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const toLogEntry = ({ id, meta, level, event, ...row }: AgendaJobLog): JobLogEntry => ({
  _id: id,
  timestamp: row.timestamp,
  // Only `log` writes these columns.
  level: level as JobLogEntry['level'],
  event: event as JobLogEntry['event'],
  jobId: row.jobId ?? undefined,
  jobName: row.jobName,
  message: row.message,
  duration: row.duration ?? undefined,
  error: row.error ?? undefined,
  failCount: row.failCount ?? undefined,
  retryDelay: row.retryDelay ?? undefined,
  retryAttempt: row.retryAttempt ?? undefined,
  agendaName: row.agendaName ?? undefined,
  meta: isObject(meta) ? meta : undefined,
})

/** Agenda's journal of what happened to entries, in our records. */
export const createJournal = (db: Database): JobLogger => ({
  async log({ meta, duration, retryDelay, ...entry }) {
    await db.agendaJobLog.create({
      data: {
        ...entry,
        duration: duration === undefined ? undefined : Math.round(duration),
        retryDelay: retryDelay === undefined ? undefined : Math.round(retryDelay),
        meta: meta === undefined ? Prisma.DbNull : (JSON.parse(JSON.stringify(meta)) as Prisma.InputJsonValue),
      },
    })
  },

  async getLogs(query = {}) {
    const { limit = 50, offset = 0, sort = 'desc' } = query
    const rows = await db.agendaJobLog.findMany({
      where: where(query),
      orderBy: [{ timestamp: sort }, { id: sort }],
      take: limit,
      skip: offset,
    })
    return { entries: rows.map(toLogEntry), total: await db.agendaJobLog.count({ where: where(query) }) }
  },

  async clearLogs(query = {}) {
    const { count } = await db.agendaJobLog.deleteMany({ where: where(query) })
    return count
  },
})
