import type { Reporter, TestCase, TestModule } from 'vitest/node'

const count = 10

const durationOf = (test: TestCase) => test.diagnostic()?.duration ?? 0

/** Prints the tests that took longest, when all have ended. */
export default class SlowestTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]) {
    const tests = modules.flatMap(({ children }) => [...children.allTests()])
    const slowest = tests.toSorted((a, b) => durationOf(b) - durationOf(a)).slice(0, count)
    const lines = slowest.map(
      (test) =>
        `${(durationOf(test) / 1000).toFixed(1).padStart(7)} s  ${test.module.relativeModuleId} > ${test.fullName}`,
    )
    process.stdout.write(`\n The slowest tests:\n${lines.join('\n')}\n`)
  }
}
