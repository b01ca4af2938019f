import { expect, test } from 'vitest'
import {
  type Draft,
  draftOf,
  emptyDraft,
  emptyHook,
  moveItem,
  planOf,
  withoutSecrets,
} from '../../web/src/pages/plans/draft.ts'
import { usualOptions } from '../../web/src/text/options.ts'

const plan = {
  id: 'cGxhbjox',
  name: 'Photos',
  repository: { id: 'cmVwbzox', name: 'family', state: 'READY', isUsable: true, encryption: 'REPOKEY' },
  settings: {
    sources: ['/home/ada/photos'],
    patterns: [{ action: 'EXCLUDE', style: 'SH', pattern: '**/*.tmp' }],
    compression: { algorithm: 'ZSTD', level: 3, isAuto: true, obfuscation: 110 },
    ...usualOptions(),
    excludeCaches: true,
    numericIds: true,
    checkpointInterval: 0,
    archiveName: '{plan}-{now}',
    comment: '',
  },
  priority: 'HIGH',
  retries: 3,
  retryDelay: 60,
  timeLimit: null,
  hooks: [
    {
      id: 'aG9vazox',
      name: 'dump',
      moment: 'BEFORE',
      command: 'pg_dump shop > /srv/shop.sql',
      workingFolder: null,
      timeLimit: 300,
      stopsOnFailure: true,
      environmentNames: ['PGPASSWORD'],
    },
  ],
  schedules: [],
  latestJob: null,
  createdAt: '2026-11-23T00:00:00.000Z',
  updatedAt: '2026-11-23T00:00:00.000Z',
} as const satisfies Parameters<typeof draftOf>[0]

test('should send back what it was given', () => {
  const { hooks, settings, ...rest } = planOf(draftOf(plan), plan.settings.sources)
  expect(rest).toEqual({
    name: 'Photos',
    repositoryId: 'cmVwbzox',
    priority: 'HIGH',
    retries: 3,
    retryDelay: 60,
    timeLimit: null,
  })
  expect(settings).toEqual(plan.settings)
  expect(hooks).toMatchObject([{ id: 'aG9vazox', workingFolder: null, timeLimit: 300, stopsOnFailure: true }])
})

test('should keep the values of variables that were not replaced', () => {
  const draft: Draft = draftOf(plan)
  draft.hooks[0]?.environment.push({ name: 'TOKEN', value: 'new', isStored: false, isReplaced: false })
  expect(planOf(draft, []).hooks[0]?.environment).toEqual([
    { name: 'PGPASSWORD', value: null },
    { name: 'TOKEN', value: 'new' },
  ])
})

test.each([
  [{ isReplaced: false, value: null }, null],
  [{ isReplaced: true, value: null }, null],
  [{ isReplaced: true, value: 'typed' }, 'typed'],
  [{ isReplaced: true, value: '' }, ''],
  [{ isReplaced: false, value: 'typed' }, null],
])('should replace the value of a variable by what is typed only: %j', (change, value) => {
  const draft: Draft = draftOf(plan)
  Object.assign(draft.hooks[0]?.environment[0] ?? {}, change)
  expect(planOf(draft, []).hooks[0]?.environment).toEqual([{ name: 'PGPASSWORD', value }])
})

test('should show no secret that was typed', () => {
  const draft: Draft = draftOf(plan)
  draft.hooks[0]?.environment.push({ name: 'TOKEN', value: 'top secret', isStored: false, isReplaced: false })
  const shown = withoutSecrets(planOf(draft, []))
  expect(JSON.stringify(shown)).not.toContain('top secret')
  expect(shown.hooks[0]?.environment).toEqual([
    { name: 'PGPASSWORD', value: null },
    { name: 'TOKEN', value: '<value of TOKEN>' },
  ])
})

test('should share nothing with the plan that it was made from', () => {
  const draft = draftOf(plan)
  draft.patterns.pop()
  draft.hooks.push(emptyHook())
  expect(plan.settings.patterns).toHaveLength(1)
  expect(plan.hooks).toHaveLength(1)
  expect(emptyDraft('cmVwbzox').hooks).toEqual([])
})

test('should move an item, and none out of the list', () => {
  const list = ['a', 'b', 'c']
  expect(moveItem(list, 0, 1)).toBe(true)
  expect(list).toEqual(['b', 'a', 'c'])
  expect(moveItem(list, 2, 1)).toBe(false)
  expect(moveItem(list, 0, -1)).toBe(false)
  expect(list).toEqual(['b', 'a', 'c'])
})
