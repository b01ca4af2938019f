import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const file = import.meta.resolve('../../../server/archives/names.ts')
const program = `import { archiveNameFacts } from ${JSON.stringify(file)}
console.log(JSON.stringify(archiveNameFacts(null, 'attic', new Date(0))))`

/** What a process of its own finds out about its surroundings. */
const factsFor = async (options: { readonly timeZone?: string; readonly userId?: number }) => {
  const { timeZone, userId } = options
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    env: { PATH: process.env.PATH, ...(timeZone !== undefined && { TZ: timeZone }) },
    ...(userId !== undefined && { uid: userId }),
  })
  return JSON.parse(stdout)
}

test.each([
  ['Asia/Tokyo', 'Asia/Tokyo'],
  ['', 'UTC'],
  ['No/Such', 'UTC'],
])('the zone that TZ=%j stands for is %s', async (timeZone, expected) => {
  expect(await factsFor({ timeZone })).toMatchObject({ timeZone: expected, plan: 'attic' })
})

test.skipIf(process.getuid?.() !== 0)('a user whom the system has no name for is known by number', async () => {
  expect(await factsFor({ userId: 54_321 })).toMatchObject({ user: '54321' })
})
