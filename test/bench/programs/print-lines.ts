/**
 * Stands in for `borg create`: `print-lines.ts <go file> <number of lines> <lines a second, 0: as fast as it can> create …`
 * prints a line about its source, waits for the go file, and prints the rest in borg's JSON (borg's docs: internals/frontends).
 */
import { existsSync, writeSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { pathOf } from '../printed-lines.ts'

const [goFile = '', count = '0', rate = '0', ...borgArguments] = process.argv.slice(2)
const lineCount = Number(count)
const linesPerSecond = Number(rate)

const line = (path: string, status = 'A') => `${JSON.stringify({ type: 'file_status', status, path })}\n`

const print = (text: string) => {
  let rest = Buffer.from(text)
  while (rest.length > 0) rest = rest.subarray(writeSync(2, rest))
}

print(line(borgArguments.at(-1) ?? '', 'd'))
while (!existsSync(goFile)) await delay(20)

const begin = performance.now()
if (linesPerSecond > 0) {
  for (let index = 0; index < lineCount; index++) {
    await delay(Math.max(0, begin + (index * 1000) / linesPerSecond - performance.now()))
    print(line(pathOf(index, process.hrtime.bigint())))
  }
} else {
  const linesAtOnce = 500
  for (let index = 0; index < lineCount; ) {
    const time = process.hrtime.bigint()
    let text = ''
    for (const end = Math.min(index + linesAtOnce, lineCount); index < end; index++) text += line(pathOf(index, time))
    print(text)
  }
}

const [, name = ''] = (borgArguments.find((argument) => argument.includes('::')) ?? '').split('::')
const time = new Date().toISOString().slice(0, -1)
const stats = { original_size: 0, compressed_size: 0, deduplicated_size: 0, nfiles: lineCount }
process.stdout.write(
  JSON.stringify({
    archive: { id: '0'.repeat(64), name, start: time, end: time, stats },
    cache: { stats: { total_size: 0, total_csize: 0, unique_csize: 0 } },
  }),
)
