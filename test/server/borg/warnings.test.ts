import { describe, expect, test } from 'vitest'
import { parseBorgLine } from '../../../server/borg/messages.ts'
import { warningsOf } from './warnings.ts'

const warning = (message: string, name = 'borg.archiver') =>
  parseBorgLine(JSON.stringify({ type: 'log_message', levelname: 'WARNING', name, message }))
const status = (letter: string, path: string) =>
  parseBorgLine(JSON.stringify({ type: 'file_status', status: letter, path }))
const only = (message: string, sources?: readonly string[]) => warningsOf([warning(message)], sources)

describe('what borg warns of', () => {
  test.each([
    // Borg 1.2.4.
    ['/srv/b', "open: [Errno 13] Permission denied: 'b'"],
    ['/srv/b', "[Errno 2] No such file or directory: 'b'"],
    ['/srv/b', "extended stat (xattrs): [Errno 13] Permission denied: '<FD 6>'"],
    ['/srv/b', "extended stat (flags): [Errno 25] Inappropriate ioctl for device: '<FD 6>'"],
    ['/srv/b', 'read: [Errno 5] Input/output error'],
    ['/srv/b', 'file changed while we backed it up'],
    ['/srv/b', 'file inode changed (race condition), skipping file'],
    ['/srv/b', 'file type changed (race condition), skipping file'],
    // Borg 1.4.5.
    ['/srv/b', 'file type or inode changed while we backed it up (race condition, skipped file)'],
    // No borg that we know of.
    ['/srv/b', 'left out for a new reason: a colon'],
    ["/srv/a: b\n'c'", "[Errno 5] Input/output error: 'c'"],
    ['/srv/a: b', 'file inode changed (race condition), skipping file'],
  ])('is the file %j and %j', (path, message) => {
    expect(only(`${path}: ${message}`)).toEqual([{ path, message }])
  })

  test('is a file also where it stands behind the words', () => {
    expect(only('Unknown file type: /srv/a: b')).toEqual([{ path: '/srv/a: b', message: 'Unknown file type' }])
  })

  test('is the file whose status comes next, however it is called', () => {
    const path = '/srv/a: open: [Errno 13] b'
    const message = 'left out: for a new reason'
    expect(warningsOf([status('A', '/srv'), warning(`${path}: ${message}`), status('E', path)])).toEqual([
      { path, message },
    ])
    // The status of another file does not tell.
    expect(warningsOf([warning(`/srv/a: ${message}`), status('E', '/srv/other')])).toEqual([
      { path: '/srv/a', message },
    ])
  })

  test('is the source of that name, of two the longer one', () => {
    const sources = ['/srv/a', '/srv/a: b', '/srv']
    expect(only('/srv/a: b: a new reason: x', sources)).toEqual([{ path: '/srv/a: b', message: 'a new reason: x' }])
    expect(only('/srv/a: a new reason', sources)).toEqual([{ path: '/srv/a', message: 'a new reason' }])
  })

  test('is kept where it is no file', () => {
    const cache = "The files cache can't be read. [[Errno 2] No such file or directory: '/x/files']"
    const repository = "Permission denied: Failed writing to '/srv/repo/config'."
    expect(warningsOf([warning(cache, 'borg.cache'), warning(repository, 'borg.repository')])).toEqual([
      { path: null, message: cache },
      { path: null, message: repository },
    ])
    expect(only('/srv has no colon')).toEqual([{ path: null, message: '/srv has no colon' }])
    expect(only('Something new')).toEqual([{ path: null, message: 'Something new' }])
  })

  test('is told in order, each once', () => {
    const events = [warning('/a: new'), warning('/b: new'), status('E', '/b'), warning('x'), warning('/c: new')]
    expect(warningsOf(events).map(({ path }) => path)).toEqual(['/a', '/b', null, '/c'])
  })

  test('is nothing that is no warning', () => {
    const error = { type: 'log_message', levelname: 'ERROR', message: '/srv/a: [Errno 5] Input/output error' }
    expect(warningsOf([parseBorgLine(JSON.stringify(error)), status('E', '/srv/a')])).toEqual([])
  })
})
