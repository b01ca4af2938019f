import { A } from '@solidjs/router'
import { For, type JSX, Show } from 'solid-js'
import { type JobFilter, JobsDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { Loaded } from '../../parts/loading.tsx'
import { Pager, pageOf, useCursors } from '../../parts/pager.tsx'
import { JobRow } from './job-row.tsx'

/**
 * The jobs that a filter lets through, newest first, page by page. `allHref` leads to the same jobs on the page that can
 * filter them further.
 */
export const JobList = (props: { filter: JobFilter; empty: JSX.Element; allHref?: string }) => {
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
          <Show when={props.allHref}>
            {(href) => (
              <A href={href()} class="w-fit text-accent hover:underline">
                Filter these jobs
              </A>
            )}
          </Show>
          <ul class="card divide-y divide-line" aria-label="Jobs">
            <For each={jobs.edges}>{(edge) => <JobRow job={edge.node} />}</For>
          </ul>
          <Pager info={jobs.pageInfo} go={go} />
        </>
      )}
    </Loaded>
  )
}
