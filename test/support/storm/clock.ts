import { randomInt } from 'node:crypto'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The most that a clock is set forth or back, in seconds: summer time, a laptop that slept, a machine out of a snapshot. */
const furthest = 2 * 3600

/** Milliseconds between two settings. */
const interval = 4_000

/** A clock that servers see in the place of the system's, and that is set forth and back at random. */
export interface RestlessClock {
  /** For the environment of the servers. */
  readonly environment: Readonly<Record<string, string>>
  stop(): void
}

const findLibrary = () =>
  readdirSync('/usr/lib')
    .map((architecture) => join('/usr/lib', architecture, 'faketime/libfaketimeMT.so.1'))
    .find((file) => existsSync(file))

/** Null where Debian's package `faketime` is not installed. `folder` is where the clock is kept. */
export const startRestlessClock = (folder: string): RestlessClock | null => {
  const library = findLibrary()
  if (library === undefined) return null
  const file = join(folder, 'clock')
  const set = (seconds: number) => writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}`)
  set(0)
  const timer = setInterval(() => set(randomInt(2 * furthest + 1) - furthest), interval)
  return {
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    stop: () => clearInterval(timer),
  }
}
