import { z } from 'zod'
import type { Command } from '../process/command.ts'
import { borgCommand } from './command.ts'
import type { BorgRepository } from './repository.ts'

const signs = { INCLUDE: '+', EXCLUDE: '-', EXCLUDE_NO_RECURSE: '!' } as const

/** 200 patterns of this length stay well below the 2 MB that a command line can hold. */
const longestPattern = 1000
export const mostPatterns = 200

/**
 * What is wrong with the text of a pattern as far as that shows without asking borg; null where nothing is.
 * Borg 1.2 and later match paths without their first slash: every style but RE drops one that is written.
 */
export const patternProblem = ({ style, pattern }: Pick<Pattern, 'style' | 'pattern'>): string | null => {
  if (pattern.trim() === '') return 'must not be empty'
  if (/[\n\r\0]/.test(pattern)) return 'must not contain a line break or NUL'
  if (!pattern.isWellFormed()) return 'must be Unicode text'
  if (pattern.length > longestPattern) return `must not be longer than ${longestPattern} characters`
  if (style === 'RE' && /^\^\/(?![?*{])[^|]*$/.test(pattern)) {
    return `can never match, because borg looks at paths without their first slash: write ^${pattern.slice(2)}`
  }
  return null
}

/** One rule about what is backed up (docs: borg help patterns). */
export const patternInput = z
  .object({
    /** Both kinds of exclusion leave a folder out; only EXCLUDE still looks inside for what a rule includes. */
    action: z.enum(['INCLUDE', 'EXCLUDE', 'EXCLUDE_NO_RECURSE']),
    /** Shell style, fnmatch, regular expression, path prefix, or one full path. */
    style: z.enum(['SH', 'FM', 'RE', 'PP', 'PF']),
    pattern: z.string(),
  })
  .superRefine((input, context) => {
    const message = patternProblem(input)
    if (message !== null) context.addIssue({ code: 'custom', message, path: ['pattern'] })
  })

export type Pattern = z.output<typeof patternInput>

/** An ordered list: the first rule that matches decides, except that PF rules come before all others (the last of equals). */
export const patternsInput = z.array(patternInput).max(mostPatterns, `are more than ${mostPatterns}`)

/**
 * A rule that nothing brings anything back from which lies at a path or in it, as long as it comes last: PF rules come before
 * all others, the last of equals wins, and borg does not look into what this one leaves out.
 */
export const leaveOut = (path: string): Pattern => ({ action: 'EXCLUDE_NO_RECURSE', style: 'PF', pattern: path })

/** Each rule as one argument, so that none can stand where an option does. */
export const patternArguments = (patterns: readonly Pattern[]): string[] =>
  patterns.map(({ action, style, pattern }) => `--pattern=${signs[action]} ${style.toLowerCase()}:${pattern}`)

/**
 * Has borg parse patterns, and do nothing else: a dry run opens no repository, and reads nothing of `/dev/null`. Lines of
 * standard error are kept as they are, for `readPatternAnswer`.
 */
export const checkPatterns = (
  { baseFolder, hostId }: Pick<BorgRepository, 'baseFolder' | 'hostId'>,
  patterns: readonly Pattern[],
): Command<string> => ({
  ...borgCommand(
    { location: '/nonexistent', passphrase: null, baseFolder, hostId, lockWait: 0 },
    ['create'],
    ['--dry-run', ...patternArguments(patterns)],
    ['/nonexistent::check', '/dev/null'],
  ),
  parse: (line) => line,
})

/** What borg said to patterns: `message` is Python's where it refused one, borg's last words where it never got to them. */
export type PatternAnswer =
  | { readonly type: 'accepted' }
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'unanswered'; readonly message: string }

/**
 * Reads how `checkPatterns` ended. Borg 1.2 has no message for a pattern that it cannot parse: it dies of the Python
 * error, with the exit status of a warning.
 */
export const readPatternAnswer = (lines: readonly string[], exitCode: number | null): PatternAnswer => {
  if (exitCode === 0) return { type: 'accepted' }
  const usage = lines.findLast((line) => line.includes('error: argument --pattern'))
  if (usage !== undefined) return { type: 'refused', message: usage.replace(/^.*error: argument --pattern: /, '') }
  const error = lines.findLast((line) => /^[A-Za-z_][\w.]*: /.test(line))
  if (error !== undefined && lines.some((line) => /^ {2}File ".*\bpatterns\.py"/.test(line))) {
    return { type: 'refused', message: error.replace(/^[\w.]+: /, '') }
  }
  return {
    type: 'unanswered',
    message: lines.findLast((line) => line.trim() !== '') ?? `Borg ended with status ${exitCode}.`,
  }
}

export interface PatternProblem {
  /** Place in the list, from 0. */
  readonly index: number
  /** Names the pattern and says what is wrong with it. */
  readonly message: string
}

const describe = ({ style, pattern }: Pattern, message: string): string =>
  style === 'RE'
    ? `“${pattern}” is not a regular expression that borg understands: ${message}.`
    : // The place is one in the expression that borg has made of it.
      `“${pattern}” is not a pattern that borg understands: ${message.replace(/ at position \d+.*$/, '')}.`

/**
 * The first pattern that borg cannot parse; null where it takes all. Borg does not say which one it means, so a list with
 * a bad one is asked about in halves. `ask` runs `checkPatterns`. Throws where borg does not answer.
 */
export const findPatternProblem = async (
  patterns: readonly Pattern[],
  ask: (patterns: readonly Pattern[]) => Promise<PatternAnswer>,
): Promise<PatternProblem | null> => {
  const refusal = async (asked: readonly Pattern[]): Promise<string | null> => {
    const answer = await ask(asked)
    if (answer.type === 'unanswered') throw new Error(`Borg did not check the patterns: ${answer.message}`)
    return answer.type === 'refused' ? answer.message : null
  }
  if (patterns.length === 0) return null
  let message = await refusal(patterns)
  if (message === null) return null
  let taken = 0
  let refused = patterns.length
  while (refused - taken > 1) {
    const middle = Math.floor((taken + refused) / 2)
    const next = await refusal(patterns.slice(taken, middle))
    if (next === null) taken = middle
    else {
      refused = middle
      message = next
    }
  }
  const pattern = patterns[taken]
  return pattern ? { index: taken, message: describe(pattern, message) } : null
}
