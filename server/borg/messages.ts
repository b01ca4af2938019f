/**
 * What one line of borg's standard error means, with `--log-json` (borg's docs: internals/frontends).
 * Sizes in bytes.
 */
export type BorgEvent =
  | {
      readonly type: 'progress'
      readonly path: string
      readonly fileCount: number
      readonly originalSize: number
      readonly compressedSize: number
      readonly deduplicatedSize: number
    }
  /** One file of `--list`: `A` added, `M` modified, `U` unchanged, `d` folder, `E` error … (borg create, "Item flags"). */
  | { readonly type: 'file'; readonly status: string; readonly path: string }
  /** What borg is busy with, null when that is done, and how far it is, from 0 to 100; null where it does not tell. */
  | { readonly type: 'activity'; readonly message: string | null; readonly percent: number | null }
  | {
      readonly type: 'message'
      readonly level: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL'
      readonly message: string
      /** Borg's name of the error, such as `LockTimeout`; null where it gives none. */
      readonly messageId: string | null
      /** The part of borg that says it, such as `borg.archiver`; null where it is none of borg's. */
      readonly logger: string | null
    }
  /** A line that is not JSON: a Python traceback, ssh's own words. */
  | { readonly type: 'text'; readonly text: string }

const levels = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const

/** Lone surrogates, by which Python carries bytes that are not UTF-8, shown as the bytes that they stand for. */
const showBytes = (text: string) =>
  text.isWellFormed()
    ? text
    : text
        .replace(/(?<![\ud800-\udbff])[\udc80-\udcff]/g, (unit) => `\\x${(unit.charCodeAt(0) - 0xdc00).toString(16)}`)
        .toWellFormed()

const textOf = (value: unknown) => (typeof value === 'string' ? showBytes(value) : '')
const numberOf = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : 0)

/** Of a message that counts, such as the fourth of 18 things; null where it does not. */
const percentOf = ({ current, total }: Record<string, unknown>): number | null => {
  const [done, all] = [numberOf(current), numberOf(total)]
  return all > 0 && done <= all ? Math.round((done / all) * 1000) / 10 : null
}

const parseObject = (line: string): Record<string, unknown> | null => {
  if (!line.startsWith('{')) return null
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** Never throws: a line that is not understood is a `text`. */
export const parseBorgLine = (line: string): BorgEvent => {
  const object = parseObject(line)
  switch (object?.type) {
    case 'file_status':
      return { type: 'file', status: textOf(object.status), path: textOf(object.path) }
    case 'archive_progress':
      if (object.finished === true) return { type: 'activity', message: null, percent: null }
      return {
        type: 'progress',
        path: textOf(object.path),
        fileCount: numberOf(object.nfiles),
        originalSize: numberOf(object.original_size),
        compressedSize: numberOf(object.compressed_size),
        deduplicatedSize: numberOf(object.deduplicated_size),
      }
    case 'progress_message':
    case 'progress_percent':
      if (object.finished === true) return { type: 'activity', message: null, percent: null }
      return { type: 'activity', message: textOf(object.message) || null, percent: percentOf(object) }
    case 'log_message':
      return {
        type: 'message',
        level: levels.find((level) => level === object.levelname) ?? 'INFO',
        message: textOf(object.message).trim(),
        messageId: typeof object.msgid === 'string' ? object.msgid : null,
        logger: typeof object.name === 'string' ? object.name : null,
      }
    default:
      return { type: 'text', text: showBytes(line) }
  }
}

/**
 * Whether a message is a warning about a file or folder that is backed up: those name its absolute path first, and come
 * from borg's archiver. Other parts of borg warn of the repository, the cache or a lock.
 */
export const isAboutFile = (event: BorgEvent): boolean =>
  event.type === 'message' &&
  event.level === 'WARNING' &&
  (event.logger === 'borg.archiver' || event.logger === null) &&
  /^(?:Unknown file type: )?\//.test(event.message)

/** A path or message on one line: control characters are shown, not obeyed. */
export const showControls = (text: string) =>
  // A terminal's or a file name's control characters, line breaks among them.
  text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1))

/** The lines of the task's output that an event is shown as; none for one that is only progress. */
export const outputLines = (event: BorgEvent): readonly string[] => {
  switch (event.type) {
    case 'file':
      return [`${event.status} ${showControls(event.path)}`]
    case 'message': {
      const prefix = event.level === 'INFO' || event.level === 'DEBUG' ? '' : `${event.level}: `
      // A line break in the name of a file is part of the name; elsewhere it is borg's own.
      const lines = isAboutFile(event) ? [event.message] : event.message.split('\n')
      return lines.map((line, index) => `${index === 0 ? prefix : ''}${showControls(line)}`)
    }
    case 'activity':
      return event.message === null ? [] : [showControls(event.message)]
    case 'text':
      return [showControls(event.text)]
    case 'progress':
      return []
  }
}
