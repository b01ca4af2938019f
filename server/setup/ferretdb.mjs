// @ts-check
/** Builds the MongoDB of the tests, where Go is there and can fetch it. Without it those tests are skipped. */
import { existsSync } from 'node:fs'
import { findProgram, outerEnvironment, runQuietly } from './programs.mjs'
import { SetupStopped, say } from './say.mjs'
import { makeIfNeeded } from './stamps.mjs'

/** Where Go's own installer puts it, which need not be on the PATH. */
const usualGo = '/usr/local/go/bin/go'

const source = 'test/support/ferretdb'
const program = 'node_modules/.borgitory/bin/ferretdb'

/** @param {string} go */
const build = (go) =>
  makeIfNeeded({
    name: 'ferretdb',
    inputs: [source],
    outputs: [program],
    make: async () => {
      say('Building FerretDB, the MongoDB of the tests …')
      await runQuietly(go, ['build', '-C', source, '-trimpath', '-o', `../../../${program}`, '.'], outerEnvironment)
    },
  })

const go = findProgram('go') ?? (existsSync(usualGo) ? usualGo : undefined)
try {
  if (go === undefined) throw new SetupStopped('Go is not installed.')
  await build(go)
} catch (error) {
  if (!(error instanceof SetupStopped)) throw error
  say(`${error.message}\nThe tests that need a MongoDB are skipped.`)
}
