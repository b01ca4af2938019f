import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { parse, print, separateOperations } from 'graphql'
import type { ApiClient } from '../../../support/api-client.ts'
import type { Measurement } from '../../areas.ts'
import { percentile } from '../../figure.ts'
import { type Filled, fillRecords } from '../../million-jobs.ts'

const jobCount = 1_000_000
const pageLength = 50

/** How often each page of each filter is asked for: of fewer, two hiccups of the machine would be the p99. */
const rounds = 100

/** Pages that are asked for before: a server that has just started still compiles itself, for some ten seconds. */
const firstPages = 800

/** What the web client's list of jobs sends. */
const readDocument = () => {
  const file = new URL('../../../../web/src/pages/jobs/jobs.graphql', import.meta.url)
  const { Jobs } = separateOperations(parse(readFileSync(file, 'utf8')))
  if (Jobs === undefined) throw new Error('The web client has no query Jobs.')
  return print(Jobs)
}

interface Page {
  readonly jobs: { readonly edges: readonly unknown[]; readonly pageInfo: { readonly endCursor: string | null } }
}

type Filter = Readonly<Record<string, unknown>>

const ended = ['COMPLETED', 'COMPLETED_WITH_WARNINGS', 'FAILED', 'CANCELLED', 'INTERRUPTED']

/** Frequent and rare ones, alone and together; some let nothing through. */
const filtersOf = ({
  repositoryId,
  planId,
  scheduleId,
  from,
  middle,
  to,
}: Filled): Readonly<Record<string, Filter>> => ({
  none: {},
  'a frequent state': { states: ['COMPLETED'] },
  'a rare state': { states: ['INTERRUPTED'] },
  'a state of no job': { states: ['RUNNING'] },
  'states that need a look': { states: ['FAILED', 'CANCELLED', 'INTERRUPTED', 'COMPLETED_WITH_WARNINGS'] },
  'all that ended': { states: ended },
  'a frequent kind': { kinds: ['BACKUP'] },
  'a rare kind': { kinds: ['CREATE_REPOSITORY'] },
  'some kinds': { kinds: ['CREATE_REPOSITORY', 'IMPORT_REPOSITORY', 'REFRESH_ARCHIVES'] },
  'rare states of rare kinds': { states: ['CANCELLED', 'FAILED'], kinds: ['CREATE_REPOSITORY', 'IMPORT_REPOSITORY'] },
  'a repository': { repositoryId },
  'a rare state in a repository': { repositoryId, states: ['FAILED', 'INTERRUPTED'] },
  'a kind in a repository': { repositoryId, kinds: ['REFRESH_ARCHIVES', 'DRY_RUN'] },
  'a plan': { planId },
  'what went wrong of a plan': { planId, states: ['FAILED', 'CANCELLED'], kinds: ['BACKUP'] },
  'a plan in its repository': { planId, repositoryId },
  'a schedule': { scheduleId },
  'a rare state of a schedule': { scheduleId, states: ['CANCELLED'] },
  'half of the time': { createdFrom: from, createdTo: middle },
  'a day': { createdFrom: middle, createdTo: new Date(Date.parse(middle) + 86_400_000).toISOString() },
  'a rare state in half of the time': { createdTo: middle, states: ['FAILED'] },
  'all together': {
    createdFrom: from,
    createdTo: to,
    states: ended,
    kinds: ['BACKUP'],
    repositoryId,
    planId,
    scheduleId,
  },
})

/** Asks over one connection, with as little work of its own as may be: what is measured is the server. */
const createReader = (api: ApiClient, document: string) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const headers = { 'content-type': 'application/json', 'x-borgitory': '1', cookie: api.cookie() }
  return {
    /** A page, and the milliseconds from the request to the end of the answer. */
    async read(variables: object) {
      const begin = performance.now()
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      request(new URL('/graphql', api.url), { agent, method: 'POST', headers }, (answer) =>
        text(answer).then(resolve, reject),
      )
        .on('error', reject)
        .end(JSON.stringify({ query: document, variables }))
      const answer = await promise
      const took = performance.now() - begin
      const { data, errors }: { data?: Page; errors?: unknown } = JSON.parse(answer)
      if (!data || errors) throw new Error(`The server answered: ${answer}`)
      return { page: data, took }
    },
    close: () => agent.destroy(),
  }
}

/** A page of the list of jobs, from the request to the answer, out of a million jobs. */
export const pages: Measurement = async (bench) => {
  bench.say(`Pages: ${pageLength} jobs with their tasks out of ${jobCount.toLocaleString('en')}, by any filter …`)
  const { server, api } = await bench.startServer()
  const filled = await fillRecords(api, server.dataFolder, jobCount)
  const reader = createReader(api, readDocument())
  bench.defer(() => reader.close())
  const { page: half } = await reader.read({ filter: { createdFrom: filled.middle }, last: 1 })
  const cursor = half.jobs.pageInfo.endCursor
  const places = [
    { first: pageLength },
    { first: pageLength, after: cursor },
    { last: pageLength, before: cursor },
    { last: pageLength },
  ]
  const began: number[] = []
  for (let index = 0; index < firstPages; index++) began.push((await reader.read({ first: pageLength })).took)
  const cold = Float64Array.from(began)
  bench.say(
    `  of a server that has just started: the first in ${began[0]?.toFixed(1)} ms, half of ${firstPages} within ${percentile(cold, 0.5).toFixed(1)} ms, p99 ${percentile(cold, 0.99).toFixed(1)} ms`,
  )
  const results: { name: string; p50: number; p99: number }[] = []
  for (const [name, filter] of Object.entries(filtersOf(filled))) {
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      for (const place of places) times.push((await reader.read({ filter, ...place })).took)
    }
    const sorted = Float64Array.from(times)
    results.push({ name, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) })
  }
  const slowest = results.toSorted((a, b) => b.p99 - a.p99)
  for (const { name, p50, p99 } of slowest.slice(0, 5)) {
    bench.say(`  ${name}: half within ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`)
  }
  return [
    {
      name: `a page of ${pageLength} jobs with tasks out of ${jobCount.toLocaleString('en')}, slowest filter, warm, p99`,
      value: slowest[0]?.p99 ?? Number.NaN,
      unit: 'ms',
      target: 50,
    },
  ]
}
