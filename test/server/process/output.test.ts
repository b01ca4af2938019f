import { expect, test } from 'vitest'
import { readOutput } from '../../../server/process/output.ts'

const environment = { PATH: process.env.PATH ?? '' }
const shell = (script: string) => ({ program: 'sh', args: ['-c', script], parse: (line: string) => line })

test('reads what a program says, and ends one that hangs, whoever else may end it', async () => {
  const { signal } = new AbortController()
  expect(await readOutput(shell('echo 1.2.4'), { environment })).toBe('1.2.4\n')
  expect(await readOutput(shell('exec sleep 1000'), { environment, timeout: 50 })).toBe('')
  expect(await readOutput(shell('echo half; exec sleep 1000'), { environment, signal, timeout: 300 })).toBe('half\n')
  const other = { environment, signal: AbortSignal.abort(), timeout: 100_000 }
  expect(await readOutput(shell('exec sleep 1000'), other)).toBe('')
  expect(await readOutput({ ...shell(''), program: 'no-such-program' }, { environment })).toBeNull()
})

test('takes no more than it needs of a program that does not stop printing, on either stream, and ends it', async () => {
  const before = process.memoryUsage.rss()
  expect(Buffer.byteLength((await readOutput(shell('exec yes'), { environment })) ?? '')).toBe(64 * 1024)
  expect(await readOutput(shell('echo 1.2.4; exec yes >&2'), { environment })).toBe('1.2.4\n')
  expect(await readOutput(shell('echo 1.2.4; exec tr "\\0" x < /dev/zero >&2'), { environment })).toBe('1.2.4\n')
  expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 1024 * 1024)
})
