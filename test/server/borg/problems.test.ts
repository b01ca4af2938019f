import { expect, test } from 'vitest'
import { type BorgError, borgFailure } from '../../../server/borg/problems.ts'

const exit2 = { exitCode: 2, signal: null }
const failure = (...errors: BorgError[]) => borgFailure(errors, exit2)
const named = (messageId: string, message = 'in the words of borg') => failure({ messageId, message })

/** What borg 1.2.4 logs with an error that it did not expect, shortened. */
const traceback = (last: string) => ({
  messageId: null,
  message: `Traceback (most recent call last):\n  File "/usr/lib/python3/dist-packages/borg/archiver.py", line 5213, in main\n    exit_code = archiver.run(args)\n                ^^^^^^^^\n${last}\n\nPlatform: Linux vm\nsys.argv: ['/usr/bin/borg', 'init', '--', '/srv/repo']\n`,
})
const localException = { messageId: 'Exception', message: 'Local Exception' }

test('an error that borg names is told in plain words', () => {
  expect(named('PassphraseWrong')).toEqual({
    message: 'The passphrase is wrong.',
    isRepositoryOpened: false,
    hasWritten: false,
  })
  expect(named('Repository.StorageQuotaExceeded').isRepositoryOpened).toBe(true)
  for (const messageId of ['LockTimeout', 'Repository.DoesNotExist', 'KeyfileNotFoundError', 'Cache.RepositoryReplay'])
    expect(named(messageId).message).not.toContain('in the words of borg')
})

test('the first error that is known counts', () => {
  expect(failure(localException, { messageId: 'LockTimeout', message: '' }).message).toContain('holds the lock')
})

test('a full disk, a file system that is read-only and a lack of permission are found in what borg did not expect', () => {
  expect(failure(localException, traceback('OSError: [Errno 28] No space left on device')).message).toBe(
    'There is no space left on the disk.',
  )
  expect(failure(localException, traceback("OSError: [Errno 30] Read-only file system: '/srv/x'"))).toEqual({
    message: 'The file system is read-only.',
    isRepositoryOpened: false,
    hasWritten: false,
  })
  expect(failure(localException, traceback("PermissionError: [Errno 13] Permission denied: '/srv/x'")).message).toBe(
    "Permission denied: [Errno 13] Permission denied: '/srv/x'",
  )
})

test('a lock that cannot be taken for a reason is told with the reason', () => {
  const lockFailed = (reason: string) =>
    named('LockFailed', `Failed to create/acquire the lock /srv/repo/lock.exclusive (${reason}).`).message
  expect(lockFailed("[Errno 30] Read-only file system: '/srv/repo/lock.exclusive.q0.tmp'")).toBe(
    'The file system is read-only.',
  )
  expect(lockFailed('[Errno 28] No space left on device')).toContain('no space left on the disk')
  expect(lockFailed('timeout')).toBe('The lock of the repository could not be taken.')
})

test('of errors that came of each other the last one is told', () => {
  // Borg 1.2.4 with a cache whose `config` was cut.
  const chain = `Traceback (most recent call last):
  File "/usr/lib/python3.11/configparser.py", line 805, in get
    value = d[option]
KeyError: 'manifest'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/usr/lib/python3/dist-packages/borg/archiver.py", line 5213, in main
    exit_code = archiver.run(args)
configparser.NoOptionError: No option 'manifest' in section: 'cache'

Platform: Linux vm
sys.argv: ['/usr/bin/borg', 'create', '--', '/srv/repo::x', '/srv/Permission denied']
`
  expect(failure(localException, { messageId: null, message: chain }).message).toBe(
    "configparser.NoOptionError: No option 'manifest' in section: 'cache'",
  )
  const denied = chain.replace(/^configparser.*$/m, "PermissionError: [Errno 13] Permission denied: '/srv/x'")
  expect(failure(localException, { messageId: null, message: denied }).message).toBe(
    "Permission denied: [Errno 13] Permission denied: '/srv/x'",
  )
})

test('what the system refused is told also where another error came of it', () => {
  const message = `Traceback (most recent call last):
  File "/usr/lib/python3/dist-packages/borg/repository.py", line 1, in write
OSError: [Errno 28] No space left on device

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/usr/lib/python3/dist-packages/borg/repository.py", line 2, in close
ValueError: I/O operation on closed file
`
  expect(failure(localException, { messageId: null, message }).message).toBe('There is no space left on the disk.')
})

test('an error without a name is told in the words of borg, without the traceback and the arguments', () => {
  expect(failure({ messageId: null, message: 'Something new' })).toEqual({
    message: 'Something new',
    isRepositoryOpened: true,
    hasWritten: true,
  })
  expect(failure(localException, traceback('ValueError: something new')).message).toBe('ValueError: something new')
})

test('a borg that ends without a word is told by its status or signal', () => {
  expect(borgFailure([], exit2).message).toBe('Borg ended with status 2.')
  expect(borgFailure([], { exitCode: null, signal: 'SIGKILL' }).message).toBe('Borg was ended by the signal SIGKILL.')
})
