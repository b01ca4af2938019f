import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createDryRun, dryRunEntry } from '../../../server/borg/dry-run.ts'
import { parseBorgLine } from '../../../server/borg/messages.ts'
import { addToSummary, emptySummary } from '../../../server/jobs/tasks/dry-run-summary.ts'
import { commandLine } from '../../../server/process/command.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { outcomeOf } from './outcome.ts'
import { repository } from './repository.ts'
import { warningsOf } from './warnings.ts'

// Borg 1.2.4 with the rule `- sh:**/1`, run by a user who may not list one of the folders, and with a source that is missing.
const recorded = [
  `{"type": "log_message", "time": 1795470797.8098927, "message": "/srv/src/locked: dir_open: [Errno 13] Permission denied: 'locked'", "levelname": "WARNING", "name": "borg.archiver"}`,
  '{"type": "file_status", "status": "E", "path": "/srv/src/locked"}',
  '{"type": "file_status", "status": "x", "path": "/srv/src/a/1"}',
  '{"type": "file_status", "status": "-", "path": "/srv/src/a"}',
  '{"type": "file_status", "status": "-", "path": "/srv/src"}',
  `{"type": "log_message", "time": 1795470797.810127, "message": "/srv/none: [Errno 2] No such file or directory: 'none'", "levelname": "WARNING", "name": "borg.archiver"}`,
]

test('recorded lines are entries, and are counted', () => {
  const events = recorded.map(parseBorgLine)
  const entries = events.map(dryRunEntry)
  expect(entries).toEqual([
    null,
    { path: '/srv/src/locked', outcome: 'UNREADABLE' },
    { path: '/srv/src/a/1', outcome: 'EXCLUDED' },
    { path: '/srv/src/a', outcome: 'INCLUDED' },
    { path: '/srv/src', outcome: 'INCLUDED' },
    null,
  ])
  const summary = entries.filter((entry) => entry !== null).reduce(addToSummary, emptySummary)
  expect(summary).toEqual({ included: 2, excluded: 1, unreadable: 1 })
  expect(warningsOf(events)).toHaveLength(2)
})

test('what is said to borg has the selection, and no passphrase', () => {
  const command = createDryRun(repository, {
    sources: ['/home', '/-x'],
    patterns: [{ action: 'EXCLUDE', style: 'SH', pattern: '**/*.log' }],
    excludeCaches: true,
    oneFileSystem: true,
  })
  expect(commandLine(command)).toBe(
    "borg create --log-json --lock-wait 60 --dry-run --list --exclude-caches --one-file-system '--pattern=- sh:**/*.log' -- /srv/repo::dry-run /home /-x",
  )
  expect(command.secrets?.BORG_PASSPHRASE_FD?.reveal()).toBe('')
})

test('the real borg needs no repository, leaves out caches, and warns of a missing source', async () => {
  const source = temporaryFolder()
  mkdirSync(join(source, 'cache'))
  writeFileSync(join(source, 'cache', 'CACHEDIR.TAG'), 'Signature: 8a477f597d28d172789f06886806bc55')
  writeFileSync(join(source, 'cache', 'x'), '')
  writeFileSync(join(source, 'y'), '')
  const unmade = { ...repository, location: join(source, 'none'), baseFolder: temporaryFolder() }
  const missing = join(source, 'missing')
  const command = createDryRun(unmade, { sources: [source, missing], excludeCaches: true })
  const { events, exitCode } = await outcomeOf(command)
  expect(exitCode).toBe(1)
  // Borg goes through a folder in the order of inodes.
  const entries = events.map(dryRunEntry).filter((entry) => entry !== null)
  expect(entries.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { path: source, outcome: 'INCLUDED' },
    { path: join(source, 'cache'), outcome: 'EXCLUDED' },
    { path: join(source, 'y'), outcome: 'INCLUDED' },
  ])
  expect(warningsOf(events)).toEqual([{ path: missing, message: "[Errno 2] No such file or directory: 'missing'" }])
})
