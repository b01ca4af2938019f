import { A } from '@solidjs/router'
import type { CombinedError } from '@urql/core'
import { For, Show } from 'solid-js'
import type { EndedQuery } from '../../api/gql/graphql.ts'
import { canAct } from '../../api/rights.ts'
import { Loaded } from '../../parts/loading.tsx'
import { Section } from '../../parts/page.tsx'
import { paths } from '../../paths.ts'
import { JobRow } from '../jobs/job-row.tsx'
import { endedLast } from './ended.ts'

const shownJobs = 8

/** The jobs that ended last. */
export const RanLast = (props: {
  data: EndedQuery | undefined
  error: CombinedError | undefined
  retry: () => void
}) => {
  const jobs = () =>
    endedLast(
      (props.data?.jobs.edges ?? []).map(({ node }) => node),
      shownJobs,
    )
  return (
    <Section
      title="Ran last"
      beside={
        <A href={paths.jobs} class="text-accent hover:underline">
          All jobs
        </A>
      }
    >
      <Loaded
        data={props.data?.jobs}
        error={props.error}
        retry={props.retry}
        isEmpty={({ edges }) => edges.length === 0}
        empty={
          <p class="text-muted">Nothing has run yet.{canAct() ? ' Open a repository and choose “Back up now”.' : ''}</p>
        }
      >
        {(list) => (
          <>
            <ul class="card divide-y divide-line" aria-label="Ran last">
              <For each={jobs()}>{(job) => <JobRow job={job} />}</For>
            </ul>
            <Show when={list.pageInfo.hasNextPage}>
              <p class="text-[13px] text-muted">
                By their end, among the {list.edges.length} that were asked for last.
              </p>
            </Show>
          </>
        )}
      </Loaded>
    </Section>
  )
}
