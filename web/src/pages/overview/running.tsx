import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { RunningDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { Section } from '../../parts/page.tsx'
import { createQueue } from '../../parts/queue.ts'
import { paths } from '../../paths.ts'
import { sayCount } from '../../text/counts.ts'
import { JobRow } from '../jobs/job-row.tsx'

/** What runs now, and how much waits. Nothing where neither is. */
export const Running = () => {
  const [result] = createLiveQuery({ query: RunningDocument })
  const queue = createQueue()
  const jobs = () => result.data?.jobs.edges ?? []
  const waiting = () => queue()?.waitingCount ?? 0
  return (
    <Show when={jobs().length > 0 || waiting() > 0}>
      <Section title="Running now">
        <Show when={jobs().length > 0} fallback={<p class="text-muted">Nothing runs.</p>}>
          <ul class="card divide-y divide-line">
            <For each={jobs()}>{(edge) => <JobRow job={edge.node} />}</For>
          </ul>
        </Show>
        <Show when={waiting() > 0}>
          <A href={paths.jobsOf({ state: 'waiting' })} class="w-fit text-accent hover:underline">
            {sayCount(waiting(), 'job waits', 'jobs wait')}
          </A>
        </Show>
      </Section>
    </Show>
  )
}
