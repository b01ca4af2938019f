import { expect, test } from 'vitest'
import { type StormReport, storm } from '../../support/storm/storm.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/**
 * Kills, or milliseconds of them, whichever is over first: a slow machine gets through fewer. `npm run soak` has more.
 * Schedules run on the minute, so it may go on for one.
 */
const enough = { kills: 20, time: 60_000 }

test('after kills at random moments nothing is lost, nothing has run twice, and every record is true', async () => {
  const end = Date.now() + enough.time
  const goesOn = ({ kills, scheduled }: StormReport) =>
    kills < enough.kills / 4 || scheduled === 0 || (kills < enough.kills && Date.now() < end)
  const report = await storm({ folder: temporaryFolder(), goesOn })
  // The first ones tell what is wrong; what stays false is found again at each look.
  expect(report.lies.slice(0, 20)).toEqual([])
  expect(report.kills).toBeGreaterThanOrEqual(enough.kills / 4)
  expect(report.scheduled).toBeGreaterThan(0)
  expect(report.ends).toMatchObject({ COMPLETED: expect.any(Number), INTERRUPTED: expect.any(Number) })
}, 1_200_000)
