import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { operations } from '../../web/src/api/gql/operations.ts'
import { curlCommand } from '../../web/src/text/curl-command.ts'

test.each(Object.entries(operations))('should show an operation that the schema knows: %s', (_name, operation) => {
  const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'))
  expect(validate(schema, parse(operation))).toEqual([])
})

test('should ask for what tells a program what became of its input', () => {
  expect(operations.startBackup).toBe(`mutation StartBackup($input: StartBackupInput!) {
  startBackup(input: $input) {
    __typename
    ... on Job { id state }
    ... on Problem { message }
  }
}`)
  expect(operations.updateHistory).toContain('... on History { days jobs outputBytes }')
})

test('should survive a shell whatever the folders are called', () => {
  const input = { repositoryId: 'UmVwbzox', sources: [`/home/it's "$HOME" \`id\``, '/a\\b'] }
  const command = curlCommand(operations.startBackup, input, 'http://127.0.0.1:8000')
  // A function in the place of curl prints what it is handed.
  const output = execFileSync('sh', ['-c', `curl() { for word; do last=$word; done; printf %s "$last"; }\n${command}`])
  expect(command).toContain('-H "Authorization: Bearer $BORGITORY_TOKEN"')
  const body: unknown = JSON.parse(output.toString())
  expect(body).toMatchObject({ variables: { input } })
})
