import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const program = fileURLToPath(new URL('../../../server/setup/print-totals.mjs', import.meta.url))
const green = { success: true, numPassedTests: 12, numFailedTests: 0, numPendingTests: 0, testResults: [] }
const brokenFile = { status: 'failed', assertionResults: [] }

test.each([
  [green, 0, '12 passed, 0 failed', 0],
  [{ ...green, numPendingTests: 3 }, 0, '12 passed, 0 failed, 3 skipped', 0],
  [{ ...green, success: false, numFailedTests: 2 }, 0, '12 passed, 2 failed', 1],
  [{ ...green, success: false, testResults: [brokenFile] }, 0, '12 passed, 1 failed', 1],
  [{ ...green, success: false }, 0, '12 passed, 1 failed', 1],
  [green, 1, '12 passed, 1 failed', 1],
  [undefined, 0, 'The tests did not run.\n0 passed, 1 failed', 1],
])('%j and %i failed checks are "%s"', (report, failedChecks, line, status) => {
  const file = join(temporaryFolder(), 'report.json')
  writeFileSync(file, report ? JSON.stringify(report) : '')

  const result = spawnSync(process.execPath, [program, file, String(failedChecks)], { encoding: 'utf8' })

  expect(result.stdout).toBe(`${line}\n`)
  expect(result.status).toBe(status)
})
