import { expect, test } from 'vitest'
import { areaOf, circles, wrongDirections } from './direction.ts'
import { importsOf, readSources, type SourceFile } from './imports.ts'

const server = readSources('server')
const web = readSources('web')
const isSetup = ({ path }: SourceFile) => path.startsWith('server/setup/')

/** The files, other than those that may, whose text or imports break a rule. */
const offenders = (mayDoIt: RegExp, breaks: (file: SourceFile) => boolean) =>
  server
    .filter((file) => !isSetup(file) && !mayDoIt.test(file.path))
    .filter(breaks)
    .map(({ path }) => path)

test('every file of the server belongs to an area', () => {
  expect(server.length).toBeGreaterThan(30)
  expect(server.filter(({ path }) => areaOf(path) === undefined).map(({ path }) => path)).toEqual([])
})

test('the server imports downward only', () => {
  expect(server.flatMap(wrongDirections)).toEqual([])
})

test('nouns do not import each other in circles', () => {
  expect(circles(server)).toEqual([])
})

test('the web client imports nothing from the server', () => {
  const imported = web.flatMap((file) =>
    importsOf(file)
      .filter(({ target }) => /^(server|prisma|test)\//.test(target))
      .map(({ target }) => `${file.path} imports ${target}`),
  )
  expect(web.length).toBeGreaterThan(10)
  expect(imported).toEqual([])
})

test('only process/run.ts starts programs', () => {
  const startsPrograms = (file: SourceFile) =>
    importsOf(file).some(({ target }) => /^(execa|(node:)?(child_process|cluster))$/.test(target))
  expect(offenders(/^server\/process\/run\.ts$/, startsPrograms)).toEqual([])
})

test('only database/ and the embedded queue speak SQL', () => {
  const maySpeak = /^server\/(database|agenda\/embedded)\//
  expect(offenders(maySpeak, ({ text }) => /\$(query|execute)Raw/.test(text))).toEqual([])
})

test('only config.ts reads the environment', () => {
  expect(offenders(/^server\/config\.ts$/, ({ text }) => /\bprocess\s*\.\s*env\b/.test(text))).toEqual([])
})

test('only what starts programs, seals, checks passwords, connects or prints the set-up link reveals secrets', () => {
  const mayReveal = /^server\/(process\/run\.ts|secrets\/|users\/|agenda\/backends\.ts$|config\.ts|main\.ts)/
  expect(offenders(mayReveal, ({ text }) => /\.reveal\(\)/.test(text))).toEqual([])
})

test.each([
  ['server/borg/create.ts', "import { run } from '../process/run.ts'", 'borg may not import process'],
  ['server/borg/create.ts', "import {\n  type A,\n  b,\n} from '../process/command.ts'", 'borg may not import process'],
  ['server/jobs/engine/jobs.ts', "import '../../http/server.ts'", 'engine may not import http'],
  ['server/jobs/records/list.ts', "import { decide } from '../engine/dispatcher.ts'", 'records may not import engine'],
  ['server/jobs/engine/jobs.ts', "import { a } from '../../agenda/agenda.ts'", 'engine may not import agenda'],
  ['server/agenda/agenda.ts', "import { a } from '../jobs/records/list.ts'", 'agenda may not import records'],
  ['server/users/service.ts', "export * from './graphql.ts'", 'services may not import graphql'],
  ['server/users/service.ts', "  await import('../schema/builder.ts')", 'services may not import schema'],
  ['server/plans/service.ts', "import { db, type Database } from '../main.ts'", 'services may not import main'],
  ['server/http/web.ts', "import { app } from '../../web/src/app.tsx'", 'http may not import that'],
])('%s may not say %j', (path, text, rule) => {
  expect(wrongDirections({ path, text })).toEqual([expect.stringContaining(`${path} imports values of`)])
  expect(wrongDirections({ path, text })[0]).toContain(rule)
})

test.each([
  ['server/borg/create.ts', "import type { Command } from '../process/command.ts'"],
  ['server/borg/create.ts', "import { type Command } from '../process/command.ts'"],
  [
    'server/plans/service.ts',
    "import { newJob } from '../jobs/records/service.ts'\nimport type { App } from '../app.ts'",
  ],
  ['server/jobs/tasks/backup.ts', "import { Secret } from '../../secrets/secret.ts'"],
])('%s may say %j', (path, text) => {
  expect(wrongDirections({ path, text })).toEqual([])
})

test('circles between nouns are found', () => {
  const files = [
    { path: 'server/plans/service.ts', text: "import { a } from '../schedules/service.ts'" },
    { path: 'server/schedules/service.ts', text: "import { b } from '../users/service.ts'" },
    { path: 'server/users/service.ts', text: "import { c } from '../plans/service.ts'" },
  ]
  expect(circles(files)).toContain('plans → schedules → users → plans')
})
