/**
 * `npm run soak -- [minutes]` has the real server work and kills it at random moments for so long (30 minutes where none
 * are given). With Debian's package `faketime` it also sets the servers' clock forth and back. Ends with status 1 where a
 * record was not true.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRestlessClock } from '../support/storm/clock.ts'
import { storm } from '../support/storm/storm.ts'

const minutes = Number(process.argv[2] ?? 30)
const folder = mkdtempSync(join(tmpdir(), 'borgitory-soak-'))
const end = Date.now() + minutes * 60_000
const clock = startRestlessClock(folder)
if (clock === null) process.stdout.write('The clock stays as it is: the package faketime is not installed.\n')
const report = await storm({
  folder,
  ...(clock && { environment: clock.environment }),
  goesOn: () => Date.now() < end,
  onRound: ({ kills, stops, jobs, lies }) => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000))
    process.stdout.write(`${left} s left: ${kills} kills, ${stops} stops, ${jobs} jobs, ${lies.length} lies\n`)
  },
})
clock?.stop()
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
if (report.lies.length === 0) rmSync(folder, { recursive: true, force: true })
else process.stdout.write(`What it left is in ${folder}\n`)
process.exitCode = report.lies.length === 0 ? 0 : 1
