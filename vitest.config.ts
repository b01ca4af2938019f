import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest, so that nothing else has to wait for it in the end: kills, and what happens in a browser. */
const long = /\/main\/storm\.test\.ts$|\/e2e\//

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => long.test(moduleId)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

/** Milliseconds after which a test hangs, however busy the machine is: tests wait for events, not for a clock. */
const patience = 300_000

export default defineConfig({
  // Vitest would load graphql once for itself and once for the packages that it does not transform.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    include: ['test/**/*.test.ts'],
    maxWorkers: 4,
    testTimeout: patience,
    hookTimeout: patience,
    // A browser on a busy machine may stand still for a second, which is all that is waited by default.
    expect: { poll: { timeout: 120_000 } },
    reporters: ['default', './test/support/slowest-tests.ts'],
    sequence: { sequencer: LongestFirst },
  },
})
