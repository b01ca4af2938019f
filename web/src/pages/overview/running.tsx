import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import type { RunningQuery } from '../../api/gql/graphql.ts'
import { Section } from '../../parts/page.tsx'
import { paths } from '../../paths.ts'
import { sayCount } from '../../text/counts.ts'
import { JobRow } from '../jobs/job-row.tsx'

/** What runs now, and how much waits. Nothing where neither is. */
export const Running = (props: { jobs: RunningQuery['jobs']['edges']; waitingCount: number }) => (
  <Show when={props.jobs.length > 0 || props.waitingCount > 0}>
    <Section title="Running now">
      <Show when={props.jobs.length > 0} fallback={<p class="text-muted">Nothing runs.</p>}>
        <ul class="card divide-y divide-line">
          <For each={props.jobs}>{(edge) => <JobRow job={edge.node} />}</For>
        </ul>
      </Show>
      <Show when={props.waitingCount > 0}>
        <A href={paths.jobsOf({ state: 'waiting' })} class="w-fit text-accent hover:underline">
          {sayCount(props.waitingCount, 'job waits', 'jobs wait')}
        </A>
      </Show>
    </Section>
  </Show>
)
