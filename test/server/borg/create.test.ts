import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  type BorgCompression,
  borgCompression,
  compressionInput,
  compressionSpec,
} from '../../../server/borg/compression.ts'
import { type CreateOptions, commentInput, create } from '../../../server/borg/create.ts'
import { commandLine } from '../../../server/process/command.ts'
import { borg } from '../../support/borg.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { outcomeOf } from './outcome.ts'
import { repository } from './repository.ts'

const plain: CreateOptions = {
  archiveName: 'a',
  sources: ['/home'],
  compression: { algorithm: 'lz4', level: null, isAuto: false },
  comment: '',
}

test('all options are said to borg', () => {
  const command = create(repository, {
    ...plain,
    archiveName: '{now}',
    comment: 'in {braces}',
    patterns: [{ action: 'EXCLUDE_NO_RECURSE', style: 'PP', pattern: '/home/x' }],
    leftOut: ['/home/our own'],
    excludeCaches: true,
    oneFileSystem: true,
    numericIds: true,
    checkpointInterval: 0,
    uploadLimit: 500,
  })
  expect(commandLine(command)).toBe(
    "borg create --log-json --lock-wait 60 --json --progress --list --compression lz4 '--comment=in {{braces}}' --numeric-ids" +
      " --checkpoint-interval 0 --upload-ratelimit 500 --exclude-caches --one-file-system '--pattern=! pp:/home/x' '--pattern=! pf:/home/our own'" +
      " -- '/srv/repo::{{now}}' /home",
  )
})

test.each(['a\0', 'x'.repeat(1001), '\ud800'])('the comment %j is refused', (comment) => {
  expect(commentInput.safeParse(comment).success).toBe(false)
})

test('the real borg takes all options, and names and comments as they are', async () => {
  const folder = temporaryFolder()
  const baseFolder = temporaryFolder()
  mkdirSync(join(folder, 'source'))
  writeFileSync(join(folder, 'source', 'x'), 'x')
  const location = join(folder, 'repo')
  await borg(['init', '--encryption', 'none', location], { baseFolder })
  const command = create(
    { ...repository, location, baseFolder, passphrase: null },
    {
      ...plain,
      sources: [join(folder, 'source')],
      archiveName: ':{now} -x',
      comment: '{user} {{x}} {',
      compression: { algorithm: 'zstd', level: 22, isAuto: true, obfuscation: 110 },
      patterns: [{ action: 'INCLUDE', style: 'SH', pattern: '**' }],
      excludeCaches: true,
      oneFileSystem: true,
      numericIds: true,
      checkpointInterval: 600,
      uploadLimit: 500,
    },
  )
  const { exitCode } = await outcomeOf(command)
  expect(exitCode).toBe(0)
  const output = await borg(['list', '--json', '--format', '{comment}', location], { baseFolder })
  expect(JSON.parse(output).archives).toEqual([
    expect.objectContaining({ name: ':{now} -x', comment: '{user} {{x}} {' }),
  ])
})

test.each<[BorgCompression, string]>([
  [{ algorithm: 'none', level: null, isAuto: false, obfuscation: 3 }, 'obfuscate,3,none'],
  [{ algorithm: 'zstd', level: 10, isAuto: true, obfuscation: 110 }, 'obfuscate,110,auto,zstd,10'],
  [{ algorithm: 'lz4', level: null, isAuto: false, obfuscation: null }, 'lz4'],
])('compressionSpec of %j is %s', (compression, spec) => {
  expect(compressionSpec(compression)).toBe(spec)
})

test('every level and every obfuscation is right up to its ends, for us and for borg', async () => {
  const ranges = { NONE: [], LZ4: [], ZSTD: [1, 22], ZLIB: [0, 9], LZMA: [0, 9] }
  const isTaken = (input: object) => compressionInput.safeParse(input).success
  for (const [algorithm, [lowest, highest]] of Object.entries(ranges)) {
    expect(isTaken({ algorithm })).toBe(true)
    for (let level = -1; level <= 23; level++) {
      const isRight = lowest !== undefined && highest !== undefined && level >= lowest && level <= highest
      expect([algorithm, level, isTaken({ algorithm, level })]).toEqual([algorithm, level, isRight])
    }
  }
  const obfuscations = Array.from({ length: 130 }, (_, index) => index).filter((obfuscation) =>
    isTaken({ algorithm: 'NONE', obfuscation }),
  )
  expect(obfuscations).toEqual([1, 2, 3, 4, 5, 6, ...Array.from({ length: 14 }, (_, index) => 110 + index)])
  expect(isTaken({ algorithm: 'NONE', isAuto: true })).toBe(false)
  expect(isTaken({ algorithm: 'LZ4', isAuto: true })).toBe(true)
})

test.each([
  [{ algorithm: 'ZSTD', level: 22, isAuto: true, obfuscation: 6 }, 0],
  [{ algorithm: 'ZLIB', level: 0, isAuto: false, obfuscation: 123 }, 0],
  [{ algorithm: 'LZMA', level: 9, isAuto: true, obfuscation: null }, 0],
  [{ algorithm: 'ZSTD', level: 23, isAuto: false, obfuscation: null }, 2],
  [{ algorithm: 'LZ4', level: null, isAuto: false, obfuscation: 7 }, 2],
] as const)('the real borg ends with %j as status %i', async (input, exitCode) => {
  const { args, ...command } = create(
    { ...repository, baseFolder: temporaryFolder() },
    { ...plain, sources: ['/dev/null'], compression: borgCompression(input) },
  )
  // A dry run: only whether the options are taken is asked.
  const dryRun = { ...command, args: args.filter((arg) => arg !== '--json').toSpliced(1, 0, '--dry-run') }
  expect((await outcomeOf(dryRun)).exitCode).toBe(exitCode)
})
