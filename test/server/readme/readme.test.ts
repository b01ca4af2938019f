import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { cleanUpAfter } from '../../support/cleanup.ts'
import { startServer } from '../../support/server.ts'
import { setupToken } from '../../support/server-process.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const project = new URL('../../../', import.meta.url).pathname
const readme = readFileSync(join(project, 'README.md'), 'utf8')

const block = (language: string) => {
  const found = new RegExp(`^\`\`\`${language}\\n(?<code>.*?)^\`\`\`$`, 'ms').exec(readme)?.groups?.code
  if (found === undefined) throw new Error(`the README has no ${language} block`)
  return found
}

/** A folder from which the project's packages are found. */
const projectFolder = () => {
  const folder = mkdtempSync(join(project, 'node_modules', '.readme-'))
  cleanUpAfter(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('the commands of the README do what they say', async () => {
  const server = await startServer()
  const folder = projectFolder()
  writeFileSync(join(folder, 'watch-job.mjs'), block('js'))
  const { stdout } = await execa('bash', ['-euo', 'pipefail', '-c', block('bash')], {
    cwd: folder,
    env: { BORGITORY: server.url, SETUP_TOKEN: setupToken, LOCATION: join(temporaryFolder(), 'documents') },
  })

  const answers = stdout.split('\n').map((line) => JSON.parse(line))
  expect(answers[0]).toEqual({ data: { setUp: { __typename: 'User' } } })
  expect(answers.filter(({ state }) => state === 'COMPLETED')).toHaveLength(2)
  expect(answers.at(-1).data.repositories.edges[0].node).toMatchObject({
    name: 'documents',
    archives: { totalCount: 1, edges: [{ node: { incompleteReason: null } }] },
  })
})
