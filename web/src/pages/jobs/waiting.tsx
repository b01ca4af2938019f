import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { type JobDetailsFragment, type JobPriority, SetJobPriorityDocument } from '../../api/gql/graphql.ts'
import { canAct } from '../../api/rights.ts'
import { now } from '../../parts/clock.ts'
import { Select } from '../../parts/field.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { ToneIcon } from '../../parts/state-badge.tsx'
import { Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { priorities } from '../../text/words.ts'

/** What a job waits for, and which others it goes before. */
export const Waiting = (props: { job: JobDetailsFragment }) => {
  const action = createAction(SetJobPriorityDocument)
  const change = (priority: JobPriority) => action.run({ input: { id: props.job.id, priority } })
  const nextTry = () => (Date.parse(props.job.notBefore ?? '') > now() ? props.job.notBefore : null)
  return (
    <section aria-label="Waiting" class="grid gap-3 rounded-card bg-idle-soft px-3 py-2.5">
      <div class="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div class="flex min-w-0 flex-1 basis-72 items-start gap-2.5">
          <span class="mt-0.5">
            <ToneIcon tone="idle" />
          </span>
          <div class="min-w-0">
            <p>
              {props.job.waitingFor ? `Waits for ${props.job.waitingFor}` : 'Waits for its turn'}
              <Show when={nextTry()}>
                {(at) => (
                  <>
                    , <Time at={at()} />
                  </>
                )}
              </Show>
              .
            </p>
            <A href={paths.jobsOf({ state: 'RUNNING' })} class="text-accent hover:underline">
              See what runs
            </A>
          </div>
        </div>
        <Show when={canAct()}>
          <div class="w-full sm:w-56">
            <Select
              label="Priority"
              disabled={action.isPending()}
              onChange={(event) => change(event.currentTarget.value as JobPriority)}
            >
              <For each={Object.entries(priorities)}>
                {([priority, word]) => (
                  <option value={priority} selected={priority === props.job.priority}>
                    {word}
                  </option>
                )}
              </For>
            </Select>
          </div>
        </Show>
      </div>
      <ProblemNotice problem={action.problem()} />
    </section>
  )
}
