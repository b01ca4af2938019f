import { join } from 'node:path'
import type { ApiClient } from './api-client.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { waitFor } from './wait-for.ts'

export interface TaskAnswer {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly problem: string | null
  readonly commandLine: string | null
  readonly exitCode: number | null
  readonly lineCount: number
  readonly fileProblemCount: number
  readonly fileProblems: { readonly edges: readonly { readonly node: { path: string | null; message: string } }[] }
  readonly progress: {
    readonly currentPath: string | null
    readonly message: string | null
    readonly fileCount: number | null
    readonly originalSize: number | null
    readonly expectedOriginalSize: number | null
    readonly percent: number | null
  }
}

export interface ArchiveAnswer {
  readonly id: string
  readonly name: string
  readonly comment: string
  readonly incompleteReason: string | null
  readonly originalSize: number | null
  readonly fileCount: number | null
}

export interface JobAnswer {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly problem: string | null
  readonly waitingFor: string | null
  readonly finishedAt: string | null
  readonly archive: ArchiveAnswer | null
  readonly repository: { readonly id: string; readonly state: string; readonly problem: string | null } | null
  readonly tasks: readonly TaskAnswer[]
}

const archiveFields = 'id name comment incompleteReason originalSize fileCount'

const jobFields = `
  id kind state problem waitingFor finishedAt
  archive { ${archiveFields} }
  repository { id state problem }
  tasks {
    id kind state problem commandLine exitCode lineCount fileProblemCount
    fileProblems(first: 100) { edges { node { path message } } }
    progress { currentPath message fileCount originalSize expectedOriginalSize percent }
  }`

/** What a mutation that begins a job answers: the job, or why there is none. */
export type Started = JobAnswer & { readonly __typename: string; readonly message?: string }

/** Runs a mutation whose result is a job or a problem. */
const begin = async (api: ApiClient, name: string, input: Readonly<Record<string, unknown>>): Promise<Started> => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`
  const answer = await api.query<Record<string, Started>>(
    `mutation ($input: ${type}!) {
      ${name}(input: $input) { __typename ... on Problem { message } ... on Job { ${jobFields} } }
    }`,
    { input },
  )
  const started = answer[name]
  if (started === undefined) throw new Error(`no answer to ${name}`)
  return started
}

type Input = Readonly<Record<string, unknown>>

let repositoryCount = 0
const nextName = () => {
  repositoryCount += 1
  return `repository ${repositoryCount}`
}

export const passphrase = 'a passphrase of the tests'

export const createRepository = (api: ApiClient, input: Input & { readonly location: string }) =>
  begin(api, 'createRepository', { name: nextName(), encryption: 'REPOKEY_BLAKE2', passphrase, ...input })

export const importRepository = (api: ApiClient, input: Input & { readonly location: string }) =>
  begin(api, 'importRepository', { name: nextName(), ...input })

export const startBackup = (api: ApiClient, repositoryId: string, sources: readonly string[], input: Input = {}) =>
  begin(api, 'startBackup', { repositoryId, sources, ...input })

export const startRefresh = (api: ApiClient, repositoryId: string) => begin(api, 'startRefresh', { repositoryId })

export const acceptRepository = (api: ApiClient, input: Input) => begin(api, 'acceptRepository', input)

export const cancelJob = (api: ApiClient, id: string) => begin(api, 'cancelJob', { id })

/** Watches a job until `condition` holds. */
export const jobWhere = async (
  api: ApiClient,
  { id }: { readonly id: string },
  condition: (job: JobAnswer) => boolean,
  within = 50_000,
): Promise<JobAnswer> => {
  const changes = api.subscribe<{ jobChanged: JobAnswer }>(
    `subscription ($id: ID!) { jobChanged(id: $id) { ${jobFields} } }`,
    { id },
  )
  return (await waitFor(changes, ({ jobChanged }) => condition(jobChanged), within)).jobChanged
}

/** Watches a job until it has ended. */
export const jobEnd = async (api: ApiClient, started: Started | JobAnswer): Promise<JobAnswer> => {
  if ('message' in started && started.message) throw new Error(`There is no job: ${started.message}`)
  return jobWhere(api, started, ({ finishedAt }) => finishedAt !== null)
}

/** Watches a backup until borg has told how much of the sources it has read. */
export const firstProgress = (api: ApiClient, job: { readonly id: string }): Promise<JobAnswer> =>
  jobWhere(api, job, ({ tasks }) => (tasks[0]?.progress.originalSize ?? 0) > 0)

/** A repository that was created and can be used, by default in a new folder. */
export const readyRepository = async (
  api: ApiClient,
  input: Input & { readonly location?: string } = {},
): Promise<{ readonly id: string; readonly location: string }> => {
  const location = input.location ?? join(temporaryFolder(), 'repository')
  const job = await jobEnd(api, await createRepository(api, { ...input, location }))
  if (job.state !== 'COMPLETED') throw new Error(`The repository was not created: ${job.problem}`)
  return { id: job.repository?.id ?? '', location }
}

/** The archives of a repository, newest first. */
export const readArchives = async (api: ApiClient, repositoryId: string): Promise<readonly ArchiveAnswer[]> => {
  const { node } = await api.query<{ node: { archives: { edges: { node: ArchiveAnswer }[] } } }>(
    `query ($id: ID!) { node(id: $id) { ... on Repository { archives(first: 100) { edges { node { ${archiveFields} } } } } } }`,
    { id: repositoryId },
  )
  return node.archives.edges.map((edge) => edge.node)
}

export interface RepositoryAnswer {
  readonly name: string
  readonly state: string
  readonly problem: string | null
  readonly encryption: string | null
  readonly lockWait: number
  readonly locks: readonly {
    readonly isExclusive: boolean
    readonly pid: number
    readonly isAlive: boolean | null
    readonly command: string | null
  }[]
}

/** Null where there is none of this id. */
export const readRepository = async (api: ApiClient, id: string): Promise<RepositoryAnswer | null> => {
  const { node } = await api.query<{ node: RepositoryAnswer | null }>(
    `query ($id: ID!) { node(id: $id) { ... on Repository {
      name state problem encryption lockWait locks { isExclusive pid isAlive command }
    } } }`,
    { id },
  )
  return node
}

/** All that a task printed. */
export const readLines = async (api: ApiClient, taskId: string): Promise<readonly string[]> => {
  const { node } = await api.query<{ node: { output: { lines: string[] } } }>(
    'query ($id: ID!) { node(id: $id) { ... on Task { output(first: 10000) { lines } } } }',
    { id: taskId },
  )
  return node.output.lines
}

export interface IdentityAnswer {
  readonly borgId: string | null
  readonly doubt: string | null
  readonly foundBorgId: string | null
  readonly isUsable: boolean
  readonly vanishedArchiveCount: number
  readonly vanishedArchives: { readonly edges: readonly { readonly node: { name: string; vanishedAt: string } }[] }
  readonly latestArchive: { readonly name: string } | null
}

/** Which repository is at the place of one, and what it lacks. */
export const readIdentity = async (api: ApiClient, id: string): Promise<IdentityAnswer> =>
  (
    await api.query<{ node: IdentityAnswer }>(
      `query ($id: ID!) { node(id: $id) { ... on Repository {
        borgId doubt foundBorgId isUsable vanishedArchiveCount
        vanishedArchives(first: 10) { edges { node { name vanishedAt } } }
        latestArchive { name }
      } } }`,
      { id },
    )
  ).node
