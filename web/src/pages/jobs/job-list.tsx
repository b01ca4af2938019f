import { For, type JSX } from 'solid-js'
import { type JobFilter, JobsDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { Loaded } from '../../parts/loading.tsx'
import { Pager, pageOf, useCursors } from '../../parts/pager.tsx'
import { sayCount } from '../../text/counts.ts'
import { JobRow } from './job-row.tsx'

/** The jobs that a filter lets through, newest first, page by page. */
export const JobList = (props: { filter: JobFilter; empty: JSX.Element }) => {
  const [cursors, go] = useCursors()
  const [result, retry] = createLiveQuery({
    query: JobsDocument,
    variables: () => ({ filter: props.filter, ...pageOf(cursors()) }),
  })
  return (
    <Loaded
      data={result.data?.jobs}
      error={result.error}
      retry={retry}
      rows={8}
      isEmpty={(jobs) => jobs.edges.length === 0}
      empty={props.empty}
    >
      {(jobs) => (
        <>
          <p class="text-muted">{sayCount(jobs.totalCount, 'job')}</p>
          <ul class="card divide-y divide-line">
            <For each={jobs.edges}>{(edge) => <JobRow job={edge.node} />}</For>
          </ul>
          <Pager info={jobs.pageInfo} go={go} />
        </>
      )}
    </Loaded>
  )
}
