const part = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

/** SQLite's name for what went wrong, such as `SQLITE_FULL`, out of an error of the driver, of Prisma's adapter or of Prisma. */
export const sqliteCode = (error: unknown): string | null => {
  const adapterError = part(part(error, 'meta'), 'driverAdapterError') ?? error
  const code = part(part(adapterError, 'cause'), 'originalCode') ?? part(error, 'code')
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null
}

/** Whether another program holds the lock that SQLite needed. */
export const isBusy = (error: unknown): boolean => sqliteCode(error)?.startsWith('SQLITE_BUSY') ?? false

const faults = /^SQLITE_(BUSY|CANTOPEN|CORRUPT|FULL|IOERR|NOMEM|NOTADB|PERM|PROTOCOL|READONLY)/

/** Prisma's own words for a transaction that did not begin, or did not end, in its time. */
const outOfTime = 'P2028'

/** Whether the records failed, as with a disk that is full, and not what was asked of them: it may be done later. */
export const isRecordsFault = (error: unknown): boolean =>
  faults.test(sqliteCode(error) ?? '') || part(error, 'code') === outOfTime
