import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { chmod, copyFile, mkdir, open, rename, rm, statfs } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Chore } from '../chore.ts'
import type { Log } from '../log.ts'
import { ensurePrivateFile } from './private-file.ts'
import { workAside } from './records-thread.ts'

/** Copies that are kept. */
const kept = 7

const hour = 3_600_000
const day = 24 * hour

/** Bytes that a copy must leave free on its disk. */
const reserve = 64 * 1024 * 1024

const namePattern = /^(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\dZ)$/

const nameOf = (time: Date) => time.toISOString().replace(/\.\d+/, '').replaceAll(':', '-')

/** Whether a file lies somewhere in a folder. */
export const isWithin = (folder: string, file: string): boolean => !/^\.\.(\/|$)/.test(relative(folder, file))

/** Where the copies of the records lie. */
export const copiesFolder = (dataFolder: string): string => join(dataFolder, 'records-copies')

/** The records as they were at a time, and the key where that lay beside them. */
export interface RecordsCopy {
  /** Such as `2026-11-27T04-00-00Z`: when it was made. */
  readonly name: string
  readonly madeAt: Date
  readonly file: string
  /** Null where the key is kept elsewhere. */
  readonly keyFile: string | null
}

/** The copies that there are, newest first. */
export const listCopies = (dataFolder: string): readonly RecordsCopy[] => {
  const folder = copiesFolder(dataFolder)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => namePattern.test(name))
    .sort()
    .reverse()
    .map((name) => {
      const keyFile = join(folder, name, 'secret.key')
      return {
        name,
        madeAt: new Date(name.replace(namePattern, '$1:$2:$3')),
        file: join(folder, name, 'records.sqlite'),
        keyFile: existsSync(keyFile) ? keyFile : null,
      }
    })
}

/** Whether none was made within a day. One from the future was made while the clock was wrong. */
export const isCopyDue = (copies: readonly Pick<RecordsCopy, 'madeAt'>[], now: Date): boolean =>
  !copies.some(({ madeAt }) => Math.abs(now.getTime() - madeAt.getTime()) < day)

/** Where what is copied lies, and where the copies go; absolute paths. */
export interface RecordsPlaces {
  readonly dataFolder: string
  readonly databaseFile: string
  readonly secretKeyFile: string
}

/** There is too little room for a copy. */
class NoRoom extends Error {}

const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0

const sync = async (path: string) => {
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}

const checkRoom = async ({ dataFolder, databaseFile }: RecordsPlaces) => {
  const { bavail, bsize } = await statfs(dataFolder)
  const needed = sizeOf(databaseFile) + sizeOf(`${databaseFile}-wal`) + reserve
  if (bavail * bsize < needed) throw new NoRoom(`A copy of the records needs ${needed} bytes of free space.`)
}

const copyRecords = async (file: string, copy: string, stopping: AbortSignal) => {
  const aside = workAside({ file, copy })
  const end = () => void aside.end()
  stopping.addEventListener('abort', end)
  await aside.done.finally(() => stopping.removeEventListener('abort', end))
  stopping.throwIfAborted()
}

/**
 * Makes a copy, and removes the oldest over the seven that are kept. Throws what keeps it from being made, `stopping`
 * included; then there is nothing of it.
 */
export const makeCopy = async (places: RecordsPlaces, stopping: AbortSignal): Promise<RecordsCopy> => {
  const { dataFolder, databaseFile, secretKeyFile } = places
  const folder = copiesFolder(dataFolder)
  stopping.throwIfAborted()
  await checkRoom(places)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // Under another name until it is whole: whatever happens meanwhile, a copy is one.
  const draft = join(folder, 'unfinished')
  await rm(draft, { recursive: true, force: true })
  try {
    const copy = join(draft, 'records.sqlite')
    ensurePrivateFile(copy)
    await copyRecords(databaseFile, copy, stopping)
    if (isWithin(dataFolder, secretKeyFile)) {
      const key = join(draft, 'secret.key')
      await copyFile(secretKeyFile, key)
      await chmod(key, 0o600)
      await sync(key)
    }
    await sync(copy)
    await sync(draft)
    const name = nameOf(new Date())
    await rename(draft, join(folder, name))
    await sync(folder)
    const copies = listCopies(dataFolder)
    const made = copies.find((copy) => copy.name === name)
    if (made === undefined) throw new Error('A copy of the records is not where it was put.')
    // Not itself, where the clock was set back since the others were made.
    const others = copies.filter((copy) => copy !== made)
    for (const { file } of others.slice(kept - 1)) await rm(dirname(file), { recursive: true })
    return made
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/** A copy of the records each day. It is looked for each hour, so that one that failed is not a day late. */
export const recordsCopies = (places: RecordsPlaces, log: Log): Chore => ({
  name: 'copy the records',
  every: hour,
  async work(stopping) {
    try {
      if (!isCopyDue(listCopies(places.dataFolder), new Date())) return
      const { name } = await makeCopy(places, stopping)
      log.info({ copy: name }, 'made a copy of the records')
    } catch (error) {
      if (stopping.aborted) return
      if (error instanceof NoRoom) log.warn(`${error.message} None is made until there is room`)
      else log.error({ err: error }, 'no copy of the records could be made; trying again in an hour')
    }
  },
})
