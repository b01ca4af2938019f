import { describe, expect, test } from 'vitest'
import {
  type ArchiveNameFacts,
  archiveLocation,
  archiveNameTemplateInput,
  defaultArchiveNameTemplate,
  longestArchiveName,
  previewArchiveName,
  uniqueArchiveName,
} from '../../../server/borg/archive-name.ts'

const facts: ArchiveNameFacts = {
  hostname: 'nas',
  user: 'root',
  plan: 'Photos',
  repository: 'Attic',
  now: new Date('2027-01-03T23:04:05.678Z'),
  timeZone: 'Europe/Berlin',
}

test.each([
  [defaultArchiveNameTemplate, 'nas-Photos-2027-01-03T23:04:05'],
  ['{repository} {user}', 'Attic root'],
  ['{now}', '2027-01-04T00:04:05'],
  ['{now:%Y-%m-%d_%H%M%S}', '2027-01-04_000405'],
  ['{utcnow:%y %j %a %b %%}x', '27 003 Sun Jan %x'],
  ['{utcnow:%G-W%V-%u}', '2026-W53-7'],
  ['{now:%G-W%V-%u}', '2027-W01-1'],
  ['{utcnow:%s} {now:%s}', '1799017445 1799017445'],
  ['{utcnow:%z} {now:%z}', '+0000 +0100'],
  ['{now:}', '2027-01-04T00:04:05'],
  ['{{{plan}}}', '{Photos}'],
  ['{{now}}', '{now}'],
])('%s makes %s', (template, name) => {
  expect(previewArchiveName(template, facts)).toEqual({ name, problem: null })
})

test.each([
  ['2026-10-25T00:30:00Z', 'Europe/Berlin', '02:30 +0200'],
  ['2026-10-25T01:30:00Z', 'Europe/Berlin', '02:30 +0100'],
  ['2026-07-01T00:00:00Z', 'America/St_Johns', '21:30 -0230'],
  ['2026-07-01T00:00:00Z', 'Asia/Kathmandu', '05:45 +0545'],
])('at %s in %s it is %s', (now, timeZone, name) => {
  expect(previewArchiveName('{now:%H:%M %z}', { ...facts, now: new Date(now), timeZone }).name).toBe(name)
})

describe('named problems', () => {
  test.each([
    ['{fqdn}', 'PlaceholderUnknown'],
    ['{}', 'PlaceholderUnknown'],
    ['{constructor}', 'PlaceholderUnknown'],
    ['{plan:%Y}', 'PlaceholderUnknown'],
    ['{now:%Q}', 'TimeFormatUnknown'],
    ['{now:%}', 'TimeFormatUnknown'],
    ['a{', 'BraceAlone'],
    ['a}', 'BraceAlone'],
    ['{now:%H}}', 'BraceAlone'],
    ['', 'NameEmpty'],
    ['   ', 'NameEmpty'],
    [' a', 'NameNotAllowed'],
    ['a ', 'NameNotAllowed'],
    ['a/b', 'NameNotAllowed'],
    ['{now:%Y/%m}', 'NameNotAllowed'],
    ['a::b', 'NameNotAllowed'],
    ['a\nb', 'NameNotAllowed'],
    ['a\u001bb', 'NameNotAllowed'],
    ['\ud800', 'NameNotAllowed'],
    ['..', 'NameReserved'],
    ['{plan}.checkpoint', 'NameReserved'],
    ['x.checkpoint.3', 'NameReserved'],
    ['{plan}.incomplete', 'NameReserved'],
    ['x.incomplete.2', 'NameReserved'],
    ['x\u202egpj', 'NameNotAllowed'],
    ['x'.repeat(1001), 'NameTooLong'],
    ['x'.repeat(longestArchiveName + 1), 'NameTooLong'],
    ['ä'.repeat(longestArchiveName / 2 + 1), 'NameTooLong'],
  ])('%j is %s', (template, problem) => {
    expect(previewArchiveName(template, facts)).toMatchObject({ name: null, problem: { name: problem } })
    expect(archiveNameTemplateInput.safeParse(template).error?.issues).toHaveLength(1)
  })

  test('facts can make one out of a template that is right', () => {
    expect(archiveNameTemplateInput.safeParse('{plan}').success).toBe(true)
    expect(previewArchiveName('{plan}', { ...facts, plan: 'a/b' }).problem?.name).toBe('NameNotAllowed')
    expect(previewArchiveName('{plan}', { ...facts, plan: '{now}' }).name).toBe('{now}')
  })

  test('the longest name is none', () => {
    expect(previewArchiveName('x'.repeat(longestArchiveName), facts).problem).toBeNull()
  })
})

test('a name that is taken gets the next free number', async () => {
  const taken = new Set<string>()
  const names: (string | null)[] = []
  for (let run = 0; run < 3; run++) {
    const { name } = await uniqueArchiveName('{plan}', facts, (candidate) => taken.has(candidate))
    if (name !== null) taken.add(name)
    names.push(name)
  }
  expect(names).toEqual(['Photos', 'Photos-2', 'Photos-3'])
  expect(await uniqueArchiveName('{x}', facts, () => false)).toMatchObject({ problem: { name: 'PlaceholderUnknown' } })
})

test('a location holds no placeholder of borg', () => {
  expect(archiveLocation({ location: '/srv/repo' }, '{now}')).toBe('/srv/repo::{{now}}')
})
