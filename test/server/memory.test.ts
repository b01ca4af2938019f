import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../server/setup/programs.mjs'

const megabyte = 1024 * 1024

/** Makes garbage that has become old, then says how much memory it has, before and after it was given back. */
const program = `
  import { createMemory } from ${JSON.stringify(join(root, 'server/memory.ts'))}
  const memory = createMemory()
  let kept = Array.from({ length: 1_000_000 }, (_, number) => ({ number, text: 'line ' + number }))
  const busy = process.memoryUsage.rss()
  kept = null
  memory.giveBack()
  console.log(JSON.stringify({ busy, atRest: process.memoryUsage.rss() }))`

const memoryWith = (...flags: string[]): { busy: number; atRest: number } =>
  JSON.parse(execFileSync(process.execPath, [...flags, '--input-type=module', '--eval', program], { encoding: 'utf8' }))

test('what a busy server has grown by is given back to the system', () => {
  const { busy, atRest } = memoryWith('--expose-gc')
  expect(busy - atRest).toBeGreaterThan(40 * megabyte)
})

test('a server that may not collect garbage itself goes on as well', () => {
  expect(memoryWith().atRest).toBeGreaterThan(40 * megabyte)
})
