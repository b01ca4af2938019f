import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { createDryRun, dryRunEntry } from '../../../server/borg/dry-run.ts'
import {
  checkPatterns,
  findPatternProblem,
  type Pattern,
  patternArguments,
  patternInput,
  patternsInput,
  readPatternAnswer,
} from '../../../server/borg/patterns.ts'
import { commandLine } from '../../../server/process/command.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { outcomeOf } from './outcome.ts'
import { repository } from './repository.ts'

const signs = { '+': 'INCLUDE', '-': 'EXCLUDE', '!': 'EXCLUDE_NO_RECURSE' } as const

/** `- sh:*.log` as a pattern. */
const parse = (text: string): Pattern => {
  const [, sign, style, pattern] = /^([-+!]) (\w\w):(.*)$/s.exec(text) ?? []
  return patternInput.parse({ action: signs[sign as keyof typeof signs], style: style?.toUpperCase(), pattern })
}

describe('what is said to borg', () => {
  test('is one argument for each rule, in their order', () => {
    const patterns = ['+ sh:a/*.txt', '- fm:*', '! re:^a b#', '- pp:/a', '+ pf:-x'].map(parse)
    expect(patternArguments(patterns)).toEqual([
      '--pattern=+ sh:a/*.txt',
      '--pattern=- fm:*',
      '--pattern=! re:^a b#',
      '--pattern=- pp:/a',
      '--pattern=+ pf:-x',
    ])
  })

  test('to have them checked needs no repository and no passphrase', () => {
    const command = checkPatterns(repository, [parse('- sh:a')])
    expect(commandLine(command)).toBe(
      "borg create --log-json --lock-wait 0 --dry-run '--pattern=- sh:a' -- /nonexistent::check /dev/null",
    )
    expect(command.secrets?.BORG_PASSPHRASE_FD?.reveal()).toBe('')
  })
})

describe('what can be checked without borg', () => {
  test.each([
    ['SH', '', 'must not be empty'],
    ['SH', '  ', 'must not be empty'],
    ['RE', 'a\nb', 'must not contain a line break or NUL'],
    ['PF', 'a\0', 'must not contain a line break or NUL'],
    ['PP', '\ud800', 'must be Unicode text'],
    ['FM', 'x'.repeat(1001), 'must not be longer than 1000 characters'],
    ['RE', '^/home/.*', 'write ^home/.*'],
  ])('%s %j %s', (style, pattern, message) => {
    const { error } = patternInput.safeParse({ action: 'EXCLUDE', style, pattern })
    expect(error?.issues).toEqual([expect.objectContaining({ path: ['pattern'] })])
    expect(error?.issues[0]?.message).toContain(message)
  })

  test.each([
    ['RE', '^/?home'],
    ['RE', '^/x|b'],
    ['SH', '/home'],
    ['SH', ' # x '],
  ])('%s %j is left to borg', (style, pattern) => {
    expect(patternInput.safeParse({ action: 'INCLUDE', style, pattern }).success).toBe(true)
  })

  test('a style or an action that does not exist, and a list that is too long', () => {
    expect(patternInput.safeParse({ action: 'EXCLUDE', style: 'ZZ', pattern: 'a' }).success).toBe(false)
    expect(patternInput.safeParse({ action: 'ROOT', style: 'SH', pattern: 'a' }).success).toBe(false)
    const list = (length: number) => Array.from({ length }, () => parse('- sh:a'))
    expect(patternsInput.safeParse(list(200)).success).toBe(true)
    expect(patternsInput.safeParse(list(201)).success).toBe(false)
  })
})

describe('borg’s answer', () => {
  test.each([
    ['of Python 3.13', ['  File "/usr/lib/borg/patterns.py", line 300, in _prepare', 're.PatternError: bad escape']],
    ['of an argument parser', ['usage: borg create', 'borg create: error: argument --pattern: bad escape']],
  ])('%s is a refusal', (_name, lines) => {
    expect(readPatternAnswer(lines, 2)).toEqual({ type: 'refused', message: 'bad escape' })
  })

  test('that is about something else is no refusal', async () => {
    const lines = ['Traceback (most recent call last):', '  File "/x/helpers/fs.py", line 3', 'OSError: disk full']
    expect(readPatternAnswer(lines, 2)).toEqual({ type: 'unanswered', message: 'OSError: disk full' })
    expect(readPatternAnswer([], null)).toMatchObject({ type: 'unanswered' })
    const ask = async () => readPatternAnswer(lines, 2)
    await expect(findPatternProblem([parse('- sh:a')], ask)).rejects.toThrow('disk full')
  })

  test('is asked for once where all is well, and in halves where it is not', async () => {
    const patterns = Array.from({ length: 100 }, (_, index) => parse(`- sh:${index}`))
    const asked: number[] = []
    const askFor = (bad: readonly string[]) => async (list: readonly Pattern[]) => {
      asked.push(list.length)
      const refused = list.find(({ pattern }) => bad.includes(pattern))
      return refused ? ({ type: 'refused', message: refused.pattern } as const) : ({ type: 'accepted' } as const)
    }
    expect(await findPatternProblem(patterns, askFor([]))).toBeNull()
    expect(asked).toEqual([100])
    for (const bad of [['0'], ['99'], ['37', '38', '90']]) {
      asked.length = 0
      const [first = ''] = bad
      const problem = await findPatternProblem(patterns, askFor(bad))
      expect(problem).toEqual({
        index: Number(first),
        message: `“${first}” is not a pattern that borg understands: ${first}.`,
      })
      expect(asked.length).toBeLessThanOrEqual(8)
    }
    expect(await findPatternProblem([], askFor([]))).toBeNull()
  })
})

describe('the real borg', () => {
  const baseFolder = () => temporaryFolder()
  const check = (patterns: readonly Pattern[]) => {
    const folder = baseFolder()
    return findPatternProblem(patterns, async (asked) => {
      const { events, exitCode } = await outcomeOf(checkPatterns({ baseFolder: folder, hostId: 'test@1' }, asked))
      return readPatternAnswer(events, exitCode)
    })
  }

  test('takes what is odd but right', async () => {
    const odd = [
      '- re:[[a]',
      '+ sh: lead',
      '- sh:#x',
      '! fm:[',
      '- fm:[z-a]',
      '- sh:[',
      '- pp:/',
      '+ pf:re:(',
      '- re:/',
    ]
    expect(await check(odd.map(parse))).toBeNull()
  })

  test.each([
    ['- re:a(b', 'a(b', 'regular expression that borg understands: missing ), unterminated subpattern at position 1.'],
    ['+ re:*', '*', 'nothing to repeat at position 0.'],
    ['+ re:a{99999999999}', 'a{99999999999}', 'the repetition number is too large.'],
    ['! sh:[z-a]', '[z-a]', 'pattern that borg understands: bad character range z-a.'],
  ])('refuses %s, and the problem names it', async (text, pattern, words) => {
    const problem = await check([parse('+ sh:good'), parse(text)])
    expect(problem?.index).toBe(1)
    expect(problem?.message).toContain(`“${pattern}”`)
    expect(problem?.message).toContain(words)
  })
})

describe('which files an ordered list takes', () => {
  const files = ['a/1.txt', 'a/2.log', 'a/d/3.txt', 'a/d/4.log', 'b/5.txt', 'b/# 6', 'b/a/7.txt']
  const folders = ['', 'a', 'a/d', 'b', 'b/a']
  let root = ''

  beforeAll(() => {
    root = temporaryFolder()
    for (const file of files) {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), '')
    }
  })

  /** The entries that a backup would take; `@` in a pattern is the source, as borg sees it. */
  const taken = async (patterns: readonly string[]) => {
    const parsed = patterns.map((text) => parse(text.replaceAll('@', root.slice(1))))
    const command = createDryRun(
      { ...repository, baseFolder: temporaryFolder() },
      { sources: [root], patterns: parsed },
    )
    const { events, exitCode } = await outcomeOf(command)
    expect(exitCode).toBe(0)
    return events
      .map(dryRunEntry)
      .filter((entry) => entry?.outcome === 'INCLUDED')
      .map((entry) => relative(root, entry?.path ?? ''))
      .sort()
  }

  /** All but these. */
  const without = (...left: string[]) => [...files, ...folders].filter((path) => !left.includes(path)).sort()

  test.each<[string, string[], string[]]>([
    ['no rule takes all', [], without()],
    ['the first match wins', ['+ sh:**/4.log', '- sh:**/*.log'], without('a/2.log')],
    ['the first match wins, the other way round', ['- sh:**/*.log', '+ sh:**/4.log'], without('a/2.log', 'a/d/4.log')],
    ['- still looks inside', ['+ sh:**/3.txt', '- pp:@/a'], without('a', 'a/1.txt', 'a/2.log', 'a/d', 'a/d/4.log')],
    ['! does not', ['+ sh:**/3.txt', '! pp:@/a'], without('a', 'a/1.txt', 'a/2.log', 'a/d', 'a/d/3.txt', 'a/d/4.log')],
    ['sh: * stays in its folder', ['- sh:@/*/*.txt'], without('a/1.txt', 'b/5.txt')],
    ['sh: **/ is any depth, none too', ['- sh:@/**/*.txt'], without('a/1.txt', 'a/d/3.txt', 'b/5.txt', 'b/a/7.txt')],
    ['sh: a folder goes with all in it', ['- sh:@/a/d'], without('a/d', 'a/d/3.txt', 'a/d/4.log')],
    ['sh: a slash at the end keeps the folder', ['- sh:@/a/d/'], without('a/d/3.txt', 'a/d/4.log')],
    ['sh: a slash at the beginning is nothing', ['- sh:/@/a/d'], without('a/d', 'a/d/3.txt', 'a/d/4.log')],
    ['sh: a relative path is not found elsewhere', ['- sh:a/d'], without()],
    ['fm: * goes through folders', ['- fm:@/*.txt'], without('a/1.txt', 'a/d/3.txt', 'b/5.txt', 'b/a/7.txt')],
    ['re: finds a part', ['- re:/[24]\\.l'], without('a/2.log', 'a/d/4.log')],
    ['re: has no first slash', ['- re:^@/b/\\d'], without('b/5.txt')],
    ['pp: is whole names', ['- pp:@/a/d/3', '- pp:/@/b/a/'], without('b/a', 'b/a/7.txt')],
    ['pp: has no wildcards', ['- pp:@/*'], without()],
    ['pf: is one entry, not what is in it', ['- pf:@/a'], without('a')],
    [
      'pf: comes before all others',
      ['- pp:@/a', '+ pf:/@/a/2.log'],
      without('a', 'a/1.txt', 'a/d', 'a/d/3.txt', 'a/d/4.log'),
    ],
    ['pf: the last of equals wins', ['- pf:@/a/2.log', '+ pf:@/a/2.log'], without()],
    ['a space and # are themselves', ['- sh:@/b/# 6'], without('b/# 6')],
  ])('%s', async (_name, patterns, expected) => {
    expect(await taken(patterns)).toEqual(expected)
  })
})
