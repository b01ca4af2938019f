import { describe, expect, test } from 'vitest'
import { breakLock } from '../../../server/borg/break-lock.ts'
import { borgCommand } from '../../../server/borg/command.ts'
import { type BorgCompression, compressionSpec } from '../../../server/borg/compression.ts'
import { create } from '../../../server/borg/create.ts'
import { type EncryptionMode, modeName, modeOf } from '../../../server/borg/encryption.ts'
import { version } from '../../../server/borg/features.ts'
import { init } from '../../../server/borg/init.ts'
import { keyImport } from '../../../server/borg/key-import.ts'
import { list, listUnknown } from '../../../server/borg/list.ts'
import { commandLine } from '../../../server/process/command.ts'
import { Secret } from '../../../server/secrets/secret.ts'
import { repository } from './repository.ts'

const lz4: BorgCompression = { algorithm: 'lz4', level: null, isAuto: false }
const options = { archiveName: 'host-1', sources: ['/home', '/-x'], compression: lz4, comment: '' }

describe('what is said to borg', () => {
  test('init', () => {
    expect(commandLine(init(repository, { encryption: 'REPOKEY_BLAKE2' }))).toBe(
      'borg init --log-json --lock-wait 60 --encryption repokey-blake2 --make-parent-dirs -- /srv/repo',
    )
  })

  test('create', () => {
    expect(commandLine(create(repository, options))).toBe(
      'borg create --log-json --lock-wait 60 --json --progress --list --compression lz4 -- /srv/repo::host-1 /home /-x',
    )
  })

  test('create with a comment, whatever it begins with', () => {
    const { args } = create(repository, { ...options, comment: '--progress; $(x)' })
    expect(args).toContain('--comment=--progress; $(x)')
    expect(args.indexOf('--comment=--progress; $(x)')).toBeLessThan(args.indexOf('--'))
  })

  test('list', () => {
    expect(commandLine(list({ ...repository, lockWait: 0 }))).toBe(
      "borg list --log-json --lock-wait 0 --json --consider-checkpoints --format '{end}{hostname}{username}{comment}' -- /srv/repo",
    )
  })

  test('key import, which reads the key from standard input', () => {
    const key = new Secret('BORG_KEY canary\n')
    const command = keyImport(repository, key)
    expect(commandLine(command)).toBe('borg key import --log-json --lock-wait 60 -- /srv/repo -')
    expect(command.input).toBe(key)
  })

  test('break-lock', () => {
    expect(commandLine(breakLock(repository))).toBe('borg break-lock --log-json --lock-wait 60 -- /srv/repo')
  })

  test('--version', () => {
    expect(commandLine(version)).toBe('borg --version')
  })
})

describe('what goes with every command', () => {
  const command = borgCommand(repository, ['info'], [], [repository.location])

  test('is an environment without a secret, with times in UTC and nothing that waves a danger through', () => {
    expect(command.environment).toEqual({
      BORG_BASE_DIR: '/data/borg',
      BORG_HOST_ID: 'host@borgitory-1',
      BORG_DISPLAY_PASSPHRASE: 'no',
      BORG_EXIT_CODES: 'legacy',
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
    })
  })

  test('is the passphrase by file descriptor, an empty one where there is none, so that borg never asks', () => {
    expect(command.secrets?.BORG_PASSPHRASE_FD?.reveal()).toBe('canary')
    const without = borgCommand({ ...repository, passphrase: null }, ['info'], [], [])
    expect(without.secrets?.BORG_PASSPHRASE_FD?.reveal()).toBe('')
    expect(JSON.stringify(command)).not.toContain('canary')
  })

  test('is no leave to open an unknown repository without encryption, except on the first access', () => {
    expect(list(repository).environment).not.toHaveProperty('BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK')
    expect(listUnknown(repository, { isMoved: false }).environment).toEqual({
      ...list(repository).environment,
      BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: 'yes',
    })
    expect(listUnknown(repository, { isMoved: false }).args).toEqual(list(repository).args)
  })

  test('is no leave to open a repository that was moved, except on a first access of which a person says so', () => {
    expect(listUnknown(repository, { isMoved: true }).environment).toEqual({
      ...listUnknown(repository, { isMoved: false }).environment,
      BORG_RELOCATED_REPO_ACCESS_IS_OK: 'yes',
    })
  })
})

test.each<[BorgCompression, string]>([
  [lz4, 'lz4'],
  [{ algorithm: 'none', level: null, isAuto: false }, 'none'],
  [{ algorithm: 'zstd', level: 10, isAuto: false }, 'zstd,10'],
  [{ algorithm: 'zlib', level: 0, isAuto: false }, 'zlib,0'],
  [{ algorithm: 'lzma', level: 6, isAuto: true }, 'auto,lzma,6'],
  [{ algorithm: 'zstd', level: null, isAuto: true }, 'auto,zstd'],
])('compressionSpec of %j is %s', (compression, spec) => {
  expect(compressionSpec(compression)).toBe(spec)
})

test('every encryption mode has borg’s name, and is found by it', () => {
  const names: Record<EncryptionMode, string> = {
    REPOKEY: 'repokey',
    REPOKEY_BLAKE2: 'repokey-blake2',
    KEYFILE: 'keyfile',
    KEYFILE_BLAKE2: 'keyfile-blake2',
    AUTHENTICATED: 'authenticated',
    AUTHENTICATED_BLAKE2: 'authenticated-blake2',
    NONE: 'none',
  }
  for (const mode of Object.keys(names) as EncryptionMode[]) {
    expect(modeName(mode)).toBe(names[mode])
    expect(modeOf(names[mode])).toBe(mode)
  }
  expect(modeOf('repokey-of-the-future')).toBeNull()
})
