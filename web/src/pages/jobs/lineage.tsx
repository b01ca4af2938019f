import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import type { JobDetailsFragment, JobKinFragment } from '../../api/gql/graphql.ts'
import { RunStateBadge } from '../../parts/state-badge.tsx'
import { Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { isCancelling, sayJob, sayTask } from './job-words.ts'

const Kin = (props: { job: JobKinFragment }) => (
  <span class="inline-flex flex-wrap items-center gap-x-2">
    <A href={paths.job(props.job.id)} class="text-accent underline">
      {sayJob(props.job)}
    </A>
    <RunStateBadge state={props.job.state} isCancelling={isCancelling(props.job)} />
    <span class="text-muted">
      asked for <Time at={props.job.createdAt} />
    </span>
  </span>
)

/** The job that this one tries again, and those that try this one again. */
export const Lineage = (props: { job: JobDetailsFragment }) => (
  <Show when={props.job.retryOf !== null || props.job.retries.length > 0}>
    <section aria-label="Tries" class="card grid gap-2 px-4 py-3">
      <Show when={props.job.retryOf}>
        {(before) => (
          <div class="grid gap-0.5">
            <p>
              Does what was left undone by <Kin job={before()} />
            </p>
            <p class="text-muted">Done again: {props.job.tasks.map(sayTask).join(', ')}.</p>
          </div>
        )}
      </Show>
      <For each={props.job.retries}>
        {(after) => (
          <p>
            Was tried again by <Kin job={after} />
          </p>
        )}
      </For>
    </section>
  </Show>
)
