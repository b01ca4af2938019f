import { expect, test } from 'vitest'
import { storm } from '../../support/storm/storm.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('after 50 kills at random moments nothing is lost, nothing has run twice, and every record is true', async () => {
  const report = await storm({ folder: temporaryFolder(), goesOn: ({ kills }) => kills < 50 })
  // The first ones tell what is wrong; what stays false is found again at each look.
  expect(report.lies.slice(0, 20)).toEqual([])
  expect(report.kills).toBeGreaterThanOrEqual(50)
  expect(report.scheduled).toBeGreaterThan(0)
  expect(report.ends).toMatchObject({ COMPLETED: expect.any(Number), INTERRUPTED: expect.any(Number) })
}, 400_000)
