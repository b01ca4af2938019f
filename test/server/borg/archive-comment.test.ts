import { expect, test } from 'vitest'
import { archiveComment, readArchiveComment } from '../../../server/borg/archive-comment.ts'

const origin = { jobId: 'job-1', planId: 'plan-1', planName: 'Photos {of} "Ünï"\\' }
const withoutPlan = { jobId: 'job-1', planId: null, planName: null }

test('a comment is what a person wrote, and a line of facts in the end', () => {
  expect(archiveComment('by hand', origin)).toBe(
    'by hand\nborgitory: {"job":"job-1","plan":"plan-1","planName":"Photos {of} \\"Ünï\\"\\\\"}',
  )
  expect(archiveComment('', withoutPlan)).toBe('borgitory: {"job":"job-1"}')
})

test.each(['', 'by hand', 'two\nlines', 'ends with a line end\n', '\n', ' \r\n', 'borgitory: {"job":"other"}', '{}'])(
  'what a person wrote comes back whole: %j',
  (comment) => {
    expect(readArchiveComment(archiveComment(comment, origin))).toEqual({ comment, origin })
    expect(readArchiveComment(archiveComment(comment, withoutPlan))).toEqual({ comment, origin: withoutPlan })
  },
)

test('facts that a later version adds are passed over', () => {
  expect(readArchiveComment('mine\nborgitory: {"job":"job-1","v":2,"more":["x"]}')).toEqual({
    comment: 'mine',
    origin: withoutPlan,
  })
})

test.each([
  '',
  'by hand',
  'borgitory: ',
  'borgitory: {',
  'borgitory: null',
  'borgitory: []',
  'borgitory: {}',
  'borgitory: {"job":""}',
  'borgitory: {"job":1}',
  'borgitory: {"job":"1","planName":"photos\u202egpj"}',
  `borgitory: {"job":"1","planName":"${'x'.repeat(101)}"}`,
  'borgitory: {"job":"1"}\n',
  'borgitory: {"job":"1"}\nby hand',
  'see borgitory: {"job":"1"}',
])('what is no such line is a person’s own: %j', (comment) => {
  expect(readArchiveComment(comment)).toEqual({ comment, origin: null })
})
