import { openDatabase } from '../../server/database/client.ts'
import { migrate } from '../../server/database/migrate.ts'
import type { ApiClient } from '../support/api-client.ts'
import { poll } from '../support/poll.ts'
import type { ServerProcess } from '../support/server-process.ts'

/** A server whose tasks do nothing; see there. */
export const noOpServer = 'test/bench/programs/no-op-server.ts'

/** What a line of `noOpServer` begins with that says how many bytes of heap are in use. */
export const heapMark = 'Heap in use: '

/** MB (10^6 bytes) of heap that `noOpServer` has in use once all garbage is collected. */
export const collectedHeap = async (server: ServerProcess): Promise<number> => {
  const printed = () => server.output().split(heapMark).slice(1)
  const before = printed().length
  process.kill(server.pid, 'SIGUSR2')
  await poll('the server says what its heap takes', () => printed().length > before)
  return Number.parseInt(printed().at(-1) ?? '', 10) / 1e6
}

/** Writes repositories that are ready, by name alone. */
export const fillWithRepositories = (count: number) => async (file: string) => {
  await migrate(file)
  const db = await openDatabase(file)
  await db.repository.createMany({
    data: Array.from({ length: count }, (_, index) => ({
      name: `repository ${index}`,
      location: `/nowhere/${index}`,
      state: 'READY' as const,
    })),
  })
  await db.$disconnect()
}

/** The ids of all repositories. */
export const readRepositoryIds = async (api: ApiClient): Promise<readonly string[]> => {
  const { repositories } = await api.query<{ repositories: { edges: { node: { id: string } }[] } }>(
    '{ repositories(first: 100) { edges { node { id } } } }',
  )
  return repositories.edges.map(({ node }) => node.id)
}

/** Asks for jobs, one repository after another; gives the ids of their tasks. */
export const startJobs = async (api: ApiClient, count: number): Promise<readonly string[]> => {
  const repositoryIds = await readRepositoryIds(api)
  const taskIds: string[] = []
  for (let index = 0; index < count; index += 1) {
    const { startRefresh } = await api.query<{ startRefresh: { tasks: { id: string }[] } }>(
      'mutation ($id: ID!) { startRefresh(input: {repositoryId: $id}) { ... on Job { tasks { id } } } }',
      { id: repositoryIds[index % repositoryIds.length] },
    )
    taskIds.push(...startRefresh.tasks.map(({ id }) => id))
  }
  return taskIds
}

export const pauseQueue = (api: ApiClient) => api.query('mutation { pauseQueue(input: {}) { __typename } }')
export const resumeQueue = (api: ApiClient) => api.query('mutation { resumeQueue { __typename } }')

/** Waits until nothing waits and nothing runs. */
export const queueIsEmpty = async (api: ApiClient): Promise<void> => {
  const fields = 'runningCount waitingCount'
  type Queue = Readonly<{ runningCount: number; waitingCount: number }>
  const isEmpty = ({ runningCount, waitingCount }: Queue) => runningCount + waitingCount === 0
  const changes = api.subscribe<{ queueChanged: Queue }>(`subscription { queueChanged { ${fields} } }`)
  const { queue } = await api.query<{ queue: Queue }>(`{ queue { ${fields} } }`)
  if (isEmpty(queue)) return
  for await (const { queueChanged } of changes) if (isEmpty(queueChanged)) return
}
