import { readFileSync } from 'node:fs'
import { parse, print, separateOperations } from 'graphql'
import type { ApiClient } from '../../../support/api-client.ts'
import type { Measurement } from '../../areas.ts'
import { percentile } from '../../figure.ts'
import { type Filled, fillRecords } from '../../million-jobs.ts'

const jobCount = 1_000_000
const pageLength = 50

/** How often each page of each filter is asked for. */
const rounds = 40

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

const askFor = async (api: ApiClient, document: string, variables: object) => {
  const begin = performance.now()
  const page = await api.query<Page>(document, { ...variables })
  return { page, took: performance.now() - begin }
}

/** A page of the list of jobs, from the request to the answer, out of a million jobs. */
export const pages: Measurement = async (bench) => {
  bench.say(`Pages: ${pageLength} jobs with their tasks out of ${jobCount.toLocaleString('en')}, by any filter …`)
  const { server, api } = await bench.startServer()
  const filled = await fillRecords(api, server.dataFolder, jobCount)
  const document = readDocument()
  const { page: half } = await askFor(api, document, { filter: { createdFrom: filled.middle }, last: 1 })
  const cursor = half.jobs.pageInfo.endCursor
  const places = [
    { first: pageLength },
    { first: pageLength, after: cursor },
    { last: pageLength, before: cursor },
    { last: pageLength },
  ]
  const results: { name: string; p50: number; p99: number }[] = []
  for (const [name, filter] of Object.entries(filtersOf(filled))) {
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      for (const place of places) times.push((await askFor(api, document, { filter, ...place })).took)
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
      name: `a page of ${pageLength} jobs with tasks out of ${jobCount.toLocaleString('en')}, slowest filter, p99`,
      value: slowest[0]?.p99 ?? Number.NaN,
      unit: 'ms',
      target: 25,
    },
  ]
}
