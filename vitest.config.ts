import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// Vitest would load graphql once for itself and once for the packages that it does not transform.
const alias = [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }]

/** Begins with the file that takes longest, so that nothing else has to wait for it in the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => moduleId.endsWith('/main/storm.test.ts')
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

/** Milliseconds after which a test hangs, however busy the machine is: tests wait for events, not for a clock. */
const patience = 300_000

export default defineConfig({
  test: {
    maxWorkers: 4,
    reporters: ['default', './test/support/slowest-tests.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**'],
          testTimeout: patience,
          hookTimeout: patience,
          sequence: { groupOrder: 0 },
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: patience,
          hookTimeout: patience,
          // A browser on a busy machine may stand still for a second, which is all that is waited by default.
          expect: { poll: { timeout: 120_000 } },
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
