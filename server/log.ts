import { destination, pino } from 'pino'
import type { Config } from './config.ts'

/** The server's own log: JSON lines on standard error. Never given a `Secret` that is revealed. */
export const createLog = ({ logLevel }: Pick<Config, 'logLevel'>) =>
  pino({ level: logLevel, base: undefined }, destination({ fd: 2, sync: true }))

export type Log = ReturnType<typeof createLog>
