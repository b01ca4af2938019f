import { expect, test } from 'vitest'
import { runInputOf } from '../../web/src/pages/jobs/run-input.ts'
import { usualOptions } from '../../web/src/text/options.ts'

const backup: NonNullable<Parameters<typeof runInputOf>[0]['backup']> & { __typename: string } = {
  __typename: 'BackupSettings',
  sources: ['/home'],
  patterns: [{ action: 'EXCLUDE', style: 'SH', pattern: '*.tmp' }],
  compression: { algorithm: 'ZSTD', level: 3, isAuto: true, obfuscation: 110 },
  ...usualOptions(),
  excludeCaches: true,
  oneFileSystem: true,
  numericIds: true,
  checkpointInterval: 0,
  uploadLimit: 2000,
  archiveName: '{plan}-{now}',
  comment: 'kept',
}
const repository = { id: 'cmVwbzox' }

test('should ask for the plan of a job, and leave to it what that says', () => {
  expect(runInputOf({ plan: { id: 'cGxhbjox', name: 'photos' }, repository, backup })).toEqual({ planId: 'cGxhbjox' })
})

test('should ask for everything that a job without a plan was asked for, and for nothing that the API does not take', () => {
  const { __typename, patterns, compression, ...rest } = backup
  expect(runInputOf({ plan: null, repository, backup })).toEqual({
    repositoryId: 'cmVwbzox',
    ...rest,
    patterns: [{ action: 'EXCLUDE', style: 'SH', pattern: '*.tmp' }],
    compression: { algorithm: 'ZSTD', level: 3, isAuto: true, obfuscation: 110 },
  })
})

test('should ask for nothing where the repository is gone', () => {
  expect(runInputOf({ plan: null, repository: null, backup })).toBeUndefined()
})
