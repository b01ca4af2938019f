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

const mayPass = /^SQLITE_(BUSY|CANTOPEN|FULL|IOERR|NOMEM|PROTOCOL|READONLY)/

/** Prisma's own words for a transaction that did not begin, or did not end, in its time. */
const outOfTime = 'P2028'

/** Whether the records could not be used for a reason that may be gone the next time, such as a disk that is full. */
export const isPassing = (error: unknown): boolean =>
  mayPass.test(sqliteCode(error) ?? '') || part(error, 'code') === outOfTime
