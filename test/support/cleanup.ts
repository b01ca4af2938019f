import { afterAll, onTestFinished } from 'vitest'

type CleanUp = () => Promise<void> | void

const afterFile: CleanUp[] = []

afterAll(async () => {
  for (const cleanUp of afterFile.reverse()) await cleanUp()
})

/** Cleans up after the test that runs, or after all tests of the file when called from `beforeAll`. Last comes first. */
export const cleanUpAfter = (cleanUp: CleanUp): void => {
  try {
    onTestFinished(cleanUp)
  } catch {
    afterFile.push(cleanUp)
  }
}
