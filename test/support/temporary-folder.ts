import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cleanUpAfter } from './cleanup.ts'

/** An empty folder that is removed after the test, or after the file's tests when made in `beforeAll`. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'borgitory-test-'))
  cleanUpAfter(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}
