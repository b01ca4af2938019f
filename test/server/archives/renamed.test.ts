import { expect, test } from 'vitest'
import type { ReadArchive } from '../../../server/archives/listed.ts'
import { findRenamed, type KnownArchive } from '../../../server/archives/renamed.ts'

const times = { startedAt: new Date(1000), finishedAt: new Date(2000) }

const known = (name: string, more: Partial<KnownArchive> = {}): KnownArchive => ({
  ...{ id: `row of ${name}`, borgId: `id of ${name}`, name, comment: '', jobId: null, isMarked: false },
  ...times,
  ...more,
})

const listed = (name: string, more: Partial<ReadArchive> = {}): ReadArchive => ({
  ...{
    borgId: `id of ${name}`,
    name,
    comment: '',
    hostname: 'here',
    username: 'ada',
    origin: null,
    isLastOfJob: false,
  },
  ...times,
  ...more,
})

const originOf = (jobId: string) => ({ origin: { jobId, planId: null, planName: null } })

test('an archive with the times and the comment of one that is gone is that one, renamed', () => {
  const [gone, found] = [known('a', { jobId: 'job' }), listed('b', originOf('job'))]
  const others = [listed('c', { startedAt: new Date(1001) }), listed('d', { comment: 'x' })]
  expect(findRenamed([gone], [...others, found])).toEqual([{ known: gone, listed: found }])
})

test('one that could be either of two is none of them', () => {
  expect(findRenamed([known('a'), known('b')], [listed('c')])).toEqual([])
  expect(findRenamed([known('a')], [listed('b'), listed('c')])).toEqual([])
})

test('one that another job made, or that was made anew under the same name, is another one', () => {
  expect(findRenamed([known('a', { jobId: 'job' })], [listed('b', originOf('other'))])).toEqual([])
  expect(findRenamed([known('a')], [listed('a', { borgId: 'new' })])).toEqual([])
})
