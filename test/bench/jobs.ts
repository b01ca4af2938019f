import type { ApiClient } from '../support/api-client.ts'
import { waitFor } from '../support/wait-for.ts'

export interface Task {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly problem: string | null
  readonly commandLine: string | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly lineCount: number
}

export interface Job {
  readonly id: string
  readonly state: string
  readonly problem: string | null
  readonly finishedAt: string | null
  readonly repository: { readonly id: string }
  readonly tasks: readonly Task[]
}

/** What a page that shows a running backup asks for. */
const jobFields = `
  id state problem finishedAt repository { id }
  tasks {
    id kind state problem commandLine startedAt finishedAt lineCount fileProblemCount
    progress {
      currentPath message fileCount originalSize compressedSize deduplicatedSize expectedOriginalSize
      bytesPerSecond percent secondsLeft
    }
  }`

const begin = async (api: ApiClient, mutation: string, inputType: string, input: object): Promise<Job> => {
  const { started } = await api.query<{ started: Job & { message?: string } }>(
    `mutation ($input: ${inputType}!) {
      started: ${mutation}(input: $input) { ... on Problem { message } ... on Job { ${jobFields} } }
    }`,
    { input },
  )
  if (started.message !== undefined) throw new Error(`There is no job: ${started.message}`)
  return started
}

/** What is sent of a job, each time that it changes. */
export const watchJob = async function* (api: ApiClient, id: string): AsyncGenerator<Job, void, void> {
  const document = `subscription ($id: ID!) { jobChanged(id: $id) { ${jobFields} } }`
  for await (const { jobChanged } of api.subscribe<{ jobChanged: Job }>(document, { id })) yield jobChanged
}

const tenMinutes = 600_000

/** Watches a job until it has ended. Throws where it did not end well. */
export const jobEnd = async (api: ApiClient, { id }: Job, onChange: (job: Job) => void = () => {}): Promise<Job> => {
  const isOver = (job: Job) => {
    onChange(job)
    return job.finishedAt !== null
  }
  const job = await waitFor(watchJob(api, id), isOver, tenMinutes)
  if (job.state !== 'COMPLETED') throw new Error(`The job ended as ${job.state}: ${job.problem}`)
  return job
}

/** The encryption of all repositories of the benchmark, in words of the API and in those of borg. */
export const encryption = { api: 'REPOKEY_BLAKE2', borg: 'repokey-blake2' }

export const passphrase = 'a passphrase of the benchmark'

/** Creates a repository; gives its id. */
export const createRepository = async (api: ApiClient, location: string): Promise<string> => {
  const input = { name: location.slice(-60), location, encryption: encryption.api, passphrase }
  const job = await jobEnd(api, await begin(api, 'createRepository', 'CreateRepositoryInput', input))
  return job.repository.id
}

export const startBackup = (api: ApiClient, repositoryId: string, source: string): Promise<Job> =>
  begin(api, 'startBackup', 'StartBackupInput', { repositoryId, sources: [source] })

export const taskOf = (job: Job, kind: string): Task => {
  const task = job.tasks.find((candidate) => candidate.kind === kind)
  if (task === undefined) throw new Error(`The job has no task ${kind}.`)
  return task
}
