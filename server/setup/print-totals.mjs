// @ts-check
/**
 * `node print-totals.mjs <file> <failed checks>` prints how much passed and failed, out of what Vitest's JSON reporter
 * wrote and the checks beside the tests. Ends with status 1 where something failed.
 */
import { readFileSync } from 'node:fs'

/**
 * @typedef {object} Report
 * @property {boolean} success
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {{ status: string, assertionResults: unknown[] }[]} testResults
 */

const [file = '', failedChecks = '0'] = process.argv.slice(2)
const text = readFileSync(file, 'utf8')
if (text === '') {
  process.stdout.write('The tests did not run.\n0 passed, 1 failed\n')
  process.exit(1)
}
/** @type {Report} */
const report = JSON.parse(text)
const brokenFiles = report.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
)
const failedTests = report.numFailedTests + brokenFiles.length
// An error outside of any test fails the run without failing a test.
const failed = (report.success ? failedTests : Math.max(1, failedTests)) + Number(failedChecks)
const skipped = report.numPendingTests > 0 ? `, ${report.numPendingTests} skipped` : ''
process.stdout.write(`${report.numPassedTests} passed, ${failed} failed${skipped}\n`)
process.exitCode = failed > 0 ? 1 : 0
