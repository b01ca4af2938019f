import { expect, test } from 'vitest'
import { z } from 'zod'
import { type CreateOptions, create } from '../../../server/borg/create.ts'
import { optionsShape } from '../../../server/borg/options.ts'
import { repository } from './repository.ts'

const options = z.object(optionsShape)

const plain: CreateOptions = {
  archiveName: 'a',
  sources: ['/home'],
  compression: { algorithm: 'lz4', level: null, isAuto: false },
  comment: '',
}

test('what is not chosen is not said', () => {
  expect(create(repository, { ...plain, ...options.parse({}) }).args).toEqual(create(repository, plain).args)
})

test.each([
  ['checkpointInterval', -1],
  ['checkpointInterval', 86_401],
  ['checkpointInterval', 1.5],
  ['uploadLimit', 0],
  ['uploadLimit', 10_000_001],
])('%s %j is refused', (field, value) => {
  expect(options.safeParse({ [field]: value }).error?.issues).toEqual([expect.objectContaining({ path: [field] })])
})
