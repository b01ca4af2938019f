import { DateTime } from 'luxon'
import { z } from 'zod'
import { hiddenProblem } from '../text.ts'
import { isIncompleteName } from './incomplete-name.ts'
import type { BorgRepository } from './repository.ts'

/** Text that borg is to take as it is, where it would expand `{now}` and the like: its locations and comments. */
export const escapePlaceholders = (text: string): string => text.replace(/[{}]/g, '$&$&')

/** `repository::archive`. */
export const archiveLocation = ({ location }: Pick<BorgRepository, 'location'>, name: string): string =>
  `${escapePlaceholders(location)}::${escapePlaceholders(name)}`

/** What the placeholders of a template stand for. */
export interface ArchiveNameFacts {
  readonly hostname: string
  /** The name of the user that borg runs as. */
  readonly user: string
  readonly plan: string
  readonly repository: string
  readonly now: Date
  /** IANA zone of `{now}`; a valid one. */
  readonly timeZone: string
}

export const defaultArchiveNameTemplate = '{hostname}-{plan}-{utcnow}'

export interface ArchiveNameProblem {
  readonly name:
    | 'BraceAlone'
    | 'PlaceholderUnknown'
    | 'TimeFormatUnknown'
    | 'NameEmpty'
    | 'NameTooLong'
    | 'NameReserved'
    | 'NameNotAllowed'
  readonly message: string
}

export type ArchiveNameResult =
  | { readonly name: string; readonly problem: null }
  | { readonly name: null; readonly problem: ArchiveNameProblem }

/**
 * Bytes of UTF-8. An archive is a folder where it is mounted, so 255 at most; borg adds `.checkpoint.12` to it while it
 * writes and dies at the first checkpoint where that is too long, and we may add a number and `.incomplete`.
 */
export const longestArchiveName = 235

/** Characters of a template. */
const longestTemplate = 1000

/** Borg's own format of a time. */
const defaultTimeFormat = '%Y-%m-%dT%H:%M:%S'

/** The parts of a time, each with what luxon calls it. */
const timeFormats: Partial<Record<string, string>> = {
  Y: 'yyyy',
  y: 'yy',
  m: 'MM',
  d: 'dd',
  H: 'HH',
  M: 'mm',
  S: 'ss',
  j: 'ooo',
  a: 'ccc',
  b: 'LLL',
  G: 'kkkk',
  V: 'WW',
  u: 'c',
  s: 'X',
  z: 'ZZZ',
  '%': "'%'",
}

const refused = (name: ArchiveNameProblem['name'], message: string): ArchiveNameResult => ({
  name: null,
  problem: { name, message },
})

/** The problem of a whole name; null where borg can take it and a file system can show it. */
const nameProblem = (name: string): ArchiveNameProblem | null => {
  const problem = (kind: ArchiveNameProblem['name'], message: string) => ({ name: kind, message })
  if (name.trim() === '') return problem('NameEmpty', 'The archive would have no name.')
  if (name !== name.trim()) return problem('NameNotAllowed', 'An archive’s name must not begin or end with a space.')
  if (name.includes('/')) return problem('NameNotAllowed', 'An archive’s name must not contain a slash.')
  if (name.includes('::')) return problem('NameNotAllowed', 'An archive’s name must not contain two colons in a row.')
  const hidden = hiddenProblem(name)
  if (hidden !== null) return problem('NameNotAllowed', `An archive’s name ${hidden}.`)
  if (name === '.' || name === '..') return problem('NameReserved', 'An archive cannot be named . or ..')
  if (/\.checkpoint(\.\d+)?$/.test(name)) {
    return problem('NameReserved', 'Borg keeps names that end with .checkpoint for backups that were broken off.')
  }
  if (isIncompleteName(name)) {
    return problem('NameReserved', 'Borgitory keeps names that end with .incomplete for archives that lack something.')
  }
  if (Buffer.byteLength(name) > longestArchiveName) {
    return problem(
      'NameTooLong',
      `The archive’s name would be ${Buffer.byteLength(name)} bytes long; it may be ${longestArchiveName}.`,
    )
  }
  return null
}

/** Thrown inside this file only, and given back as a result. */
class TemplateInvalid extends Error {
  readonly result: ArchiveNameResult

  constructor(name: ArchiveNameProblem['name'], message: string) {
    super(message)
    this.result = refused(name, message)
  }
}

const formatTime = (format: string, now: Date, zone: string): string => {
  const time = DateTime.fromJSDate(now, { zone }).reconfigure({
    locale: 'en-US',
    numberingSystem: 'latn',
    outputCalendar: 'gregory',
  })
  return format.replace(/%(.?)/gsu, (directive, letter: string) => {
    const part = Object.hasOwn(timeFormats, letter) ? timeFormats[letter] : undefined
    if (part) return time.toFormat(part)
    const known = Object.keys(timeFormats).map((key) => `%${key}`)
    throw new TemplateInvalid('TimeFormatUnknown', `${directive} is no part of a time. Known are ${known.join(' ')}.`)
  })
}

const expandPlaceholder = (text: string, facts: ArchiveNameFacts): string => {
  const [, name = '', format] = /^([^:]*)(?::(.*))?$/s.exec(text) ?? []
  if (name === 'now') return formatTime(format || defaultTimeFormat, facts.now, facts.timeZone)
  if (name === 'utcnow') return formatTime(format || defaultTimeFormat, facts.now, 'UTC')
  const { hostname, user, plan, repository } = facts
  const values: Partial<Record<string, string>> = { hostname, user, plan, repository }
  const value = Object.hasOwn(values, name) ? values[name] : undefined
  if (value === undefined || format !== undefined) {
    throw new TemplateInvalid(
      'PlaceholderUnknown',
      `{${text}} stands for nothing. Known are {hostname} {plan} {repository} {user} {now} {utcnow}, and times as in {now:%Y-%m-%d}.`,
    )
  }
  return value
}

/**
 * The name that a template makes, before it is made unique. Placeholders: `{hostname}`, `{plan}`, `{repository}`, `{user}`,
 * `{now}` (in the facts' zone) and `{utcnow}`; a time takes a format of `%Y %y %m %d %H %M %S %j %a %b %G %V %u %s %z %%`,
 * which mean what they do in Python's strftime, in English; `{{` and `}}` are braces.
 */
export const previewArchiveName = (template: string, facts: ArchiveNameFacts): ArchiveNameResult => {
  if (template.length > longestTemplate) {
    return refused('NameTooLong', `The template is longer than ${longestTemplate} characters.`)
  }
  try {
    const name = template.replace(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (part, placeholder: string | undefined) => {
      if (placeholder !== undefined) return expandPlaceholder(placeholder, facts)
      if (part.length === 2) return part.slice(1)
      throw new TemplateInvalid(
        'BraceAlone',
        `There is a ${part} without its other half; write ${part}${part} for a brace.`,
      )
    })
    const problem = nameProblem(name)
    return problem === null ? { name, problem } : { name: null, problem }
  } catch (error) {
    if (error instanceof TemplateInvalid) return error.result
    throw error
  }
}

/**
 * The name for a run: the template's, and `-2`, `-3` … where that is taken. No rule about the template could promise as
 * much: a clock that is put back, a retry within the second and a second plan all repeat a name. `isTaken` answers for
 * the archives of the repository, and must be asked while the run holds the repository's lease; borg itself refuses a
 * name that another program has taken meanwhile (`Archive.AlreadyExists`).
 */
export const uniqueArchiveName = async (
  template: string,
  facts: ArchiveNameFacts,
  isTaken: (name: string) => boolean | Promise<boolean>,
): Promise<ArchiveNameResult> => {
  const preview = previewArchiveName(template, facts)
  if (preview.name === null) return preview
  let { name } = preview
  for (let number = 2; await isTaken(name); number++) name = `${preview.name}-${number}`
  return { name, problem: null }
}

const sampleFacts: ArchiveNameFacts = {
  hostname: 'host',
  user: 'user',
  plan: 'plan',
  repository: 'repository',
  now: new Date(0),
  timeZone: 'UTC',
}

/** A template that makes a name out of harmless facts; what real ones make of it is `previewArchiveName`'s to say. */
export const archiveNameTemplateInput = z.string().superRefine((template, context) => {
  const { problem } = previewArchiveName(template, sampleFacts)
  if (problem !== null) context.addIssue({ code: 'custom', message: problem.message })
})
