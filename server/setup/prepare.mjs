// @ts-check
/**
 * Installs, generates and builds what is missing or outdated: what the server needs, and with the argument `tests` what
 * tests and benchmarks need besides. Ends with status 1, and says what a person has to do, where it cannot go on.
 */

import { installMissing, serverPackages, testPackages } from './debian.mjs'
import { outerEnvironment, packageEnvironment, runQuietly } from './programs.mjs'
import { runCommand, say } from './say.mjs'
import { makeIfNeeded } from './stamps.mjs'

const packageLists = ['package.json', 'package-lock.json']
const generatedDocuments = 'web/src/api/gql'

/** @type {readonly import('./stamps.mjs').Step[]} */
const steps = [
  {
    name: 'packages',
    inputs: ['package-lock.json'],
    outputs: ['node_modules/.bin/node'],
    make: async () => {
      say('Installing the npm packages, Node 24 among them …')
      await runQuietly('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], outerEnvironment)
    },
  },
  {
    name: 'generated',
    inputs: [...packageLists, 'codegen.ts', 'schema.graphql', 'prisma/schema.prisma', 'web/codegen', 'web/src'],
    isInput: (path) => !path.startsWith('web/src') || path.endsWith('.graphql'),
    outputs: ['prisma/generated/client/client.ts', 'prisma/generated/pothos.ts', `${generatedDocuments}/index.ts`],
    make: async () => {
      say('Generating the types of the records and of the API …')
      await runQuietly('npm', ['run', '--silent', 'generate'], packageEnvironment)
    },
  },
  {
    name: 'web',
    inputs: [...packageLists, 'schema.graphql', 'web'],
    isInput: (path) => !path.startsWith('web/dist/') && !path.startsWith(`${generatedDocuments}/`),
    outputs: ['web/dist/index.html'],
    make: async () => {
      say('Building the web client …')
      await runQuietly('npm', ['run', '--silent', 'build'], packageEnvironment)
    },
  },
]

await runCommand(async () => {
  const isForTests = process.argv.includes('tests')
  await installMissing(isForTests ? [...serverPackages, ...testPackages] : serverPackages)
  for (const step of steps) await makeIfNeeded(step)
})
