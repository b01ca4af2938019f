import { describe, expect, test } from 'vitest'
import { outputLines, parseBorgLine } from '../../../server/borg/messages.ts'

/** Lines that borg 1.2.4 printed with `--log-json --progress --list`. */
const recorded = {
  progress:
    '{"original_size": 2150509, "compressed_size": 2150552, "deduplicated_size": 2150552, "nfiles": 3, "path": "srv/a.bin", "time": 1795468021.9626694, "type": "archive_progress", "finished": false}',
  progressEnd: '{"time": 1795468021.9726453, "type": "archive_progress", "finished": true}',
  file: '{"type": "file_status", "status": "A", "path": "/srv/a.bin"}',
  newline: '{"type": "file_status", "status": "A", "path": "/srv/new\\nline"}',
  activity:
    '{"message": "Saving files cache", "operation": 2, "msgid": "cache.commit", "type": "progress_message", "finished": false, "time": 1795468022.1599295}',
  percent:
    '{"message": "Compacting segments  61%", "current": 11, "total": 18, "info": null, "operation": 1, "msgid": "repository.compact_segments", "type": "progress_percent", "finished": false, "time": 1795812641.3338203}',
  activityEnd:
    '{"operation": 2, "msgid": "cache.commit", "type": "progress_message", "finished": true, "time": 1795468022.2847393}',
  unreadable:
    '{"type": "log_message", "time": 1795468021.7229543, "message": "/srv/sub/b: open: [Errno 13] Permission denied: \'b\'", "levelname": "WARNING", "name": "borg.archiver"}',
  missing:
    '{"type": "log_message", "time": 1795468021.9725192, "message": "/nonexistent: [Errno 2] No such file or directory: \'nonexistent\'", "levelname": "WARNING", "name": "borg.archiver"}',
  important:
    '{"type": "log_message", "time": 1795468020.3312955, "message": "\\nIMPORTANT: you will need both KEY AND PASSPHRASE to access this repo!\\nWrite down the passphrase.\\n", "levelname": "WARNING", "name": "borg.archiver"}',
  wrong:
    '{"type": "log_message", "time": 1795468023.937994, "message": "passphrase supplied in BORG_PASSPHRASE, by BORG_PASSCOMMAND or via BORG_PASSPHRASE_FD is incorrect.", "levelname": "ERROR", "name": "borg.archiver", "msgid": "PassphraseWrong"}',
}

describe('parseBorgLine', () => {
  test('reads progress', () => {
    expect(parseBorgLine(recorded.progress)).toEqual({
      type: 'progress',
      path: 'srv/a.bin',
      fileCount: 3,
      originalSize: 2150509,
      compressedSize: 2150552,
      deduplicatedSize: 2150552,
    })
    expect(parseBorgLine(recorded.progressEnd)).toEqual({ type: 'activity', message: null, percent: null })
  })

  test('reads files', () => {
    expect(parseBorgLine(recorded.file)).toEqual({ type: 'file', status: 'A', path: '/srv/a.bin' })
    expect(parseBorgLine(recorded.newline)).toEqual({ type: 'file', status: 'A', path: '/srv/new\nline' })
  })

  test('reads what borg is busy with', () => {
    expect(parseBorgLine(recorded.activity)).toEqual({
      type: 'activity',
      message: 'Saving files cache',
      percent: null,
    })
    expect(parseBorgLine(recorded.percent)).toEqual({
      type: 'activity',
      message: 'Compacting segments  61%',
      percent: 61.1,
    })
    expect(parseBorgLine(recorded.activityEnd)).toEqual({ type: 'activity', message: null, percent: null })
  })

  test('reads messages with their names', () => {
    expect(parseBorgLine(recorded.wrong)).toEqual({
      type: 'message',
      level: 'ERROR',
      message: 'passphrase supplied in BORG_PASSPHRASE, by BORG_PASSCOMMAND or via BORG_PASSPHRASE_FD is incorrect.',
      messageId: 'PassphraseWrong',
      logger: 'borg.archiver',
    })
    expect(parseBorgLine(recorded.missing)).toMatchObject({ level: 'WARNING', messageId: null })
  })

  test('takes a line that it does not understand as text', () => {
    for (const line of ['', 'Traceback (most recent call last):', '{"type": "file_st', '{}', '[1]', '{"type": "new"}'])
      expect(parseBorgLine(line)).toEqual({ type: 'text', text: line })
  })

  test('does without fields that are missing or of another kind', () => {
    expect(parseBorgLine('{"type": "archive_progress", "nfiles": "many"}')).toEqual({
      type: 'progress',
      path: '',
      fileCount: 0,
      originalSize: 0,
      compressedSize: 0,
      deduplicatedSize: 0,
    })
    expect(parseBorgLine('{"type": "log_message", "levelname": "LOUD", "message": 3}')).toEqual({
      type: 'message',
      level: 'INFO',
      message: '',
      messageId: null,
      logger: null,
    })
  })

  test('shows bytes that are not UTF-8, which Python writes as lone surrogates', () => {
    expect(parseBorgLine('{"type": "file_status", "status": "A", "path": "/srv/bad\\udcff\\udc80"}')).toMatchObject({
      path: '/srv/bad\\xff\\x80',
    })
    expect(
      parseBorgLine('{"type": "file_status", "status": "A", "path": "/srv/🎒\\ud83c\\udf92\\ud800"}'),
    ).toMatchObject({
      path: '/srv/🎒🎒\ufffd',
    })
  })
})

describe('outputLines', () => {
  const lines = (line: string) => outputLines(parseBorgLine(line))

  test('are one for a file, with its control characters shown', () => {
    expect(lines(recorded.file)).toEqual(['A /srv/a.bin'])
    expect(lines(recorded.newline)).toEqual(['A /srv/new\\nline'])
    expect(lines('{"type": "file_status", "status": "A", "path": "/srv/\\u001b[31mred\\t<script>"}')).toEqual([
      'A /srv/\\u001b[31mred\\t<script>',
    ])
  })

  test('are none for progress, and one for what borg begins to do', () => {
    expect(lines(recorded.progress)).toEqual([])
    expect(lines(recorded.activity)).toEqual(['Saving files cache'])
    expect(lines(recorded.activityEnd)).toEqual([])
  })

  test('are as many as a message has, the first one with its level unless that is harmless', () => {
    expect(lines(recorded.important)).toEqual([
      'WARNING: IMPORTANT: you will need both KEY AND PASSPHRASE to access this repo!',
      'Write down the passphrase.',
    ])
    expect(lines('{"type": "log_message", "levelname": "INFO", "message": "all is well"}')).toEqual(['all is well'])
  })

  test('are one for a warning about a file, whatever its name', () => {
    const warning = {
      type: 'log_message',
      levelname: 'WARNING',
      message: "/srv/new\nline: open: [Errno 13] Permission denied: 'new\nline'",
    }
    expect(lines(JSON.stringify(warning))).toEqual([
      "WARNING: /srv/new\\nline: open: [Errno 13] Permission denied: 'new\\nline'",
    ])
  })
})
