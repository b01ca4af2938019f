import { For, Show } from 'solid-js'
import { sayError } from '../../api/action.ts'
import { createQuery } from '../../api/documents.ts'
import { CronPreviewDocument } from '../../api/gql/graphql.ts'
import { createDebounced } from '../../parts/debounced.ts'
import { Time } from '../../parts/time.tsx'
import { sayMoment } from './moments.ts'
import { viewerZone } from './zones.ts'

/** Milliseconds without a key before the server is asked. */
const pause = 250

/** What the server makes of a cron text as it is typed. */
export const createCronPreview = (cron: () => string, timeZone: () => string) => {
  const asked = createDebounced(() => ({ cron: cron(), timeZone: timeZone() }), pause)
  const [result] = createQuery({ query: CronPreviewDocument, variables: asked, requestPolicy: 'network-only' })
  return {
    error: () => result.error,
    preview: () => result.data?.cronPreview,
    problem: (field: 'cron' | 'timeZone') =>
      result.data?.cronPreview.problems.find(({ path }) => path[0] === field)?.message,
  }
}

/** The times of a cron text in plain English, and the next five of them. */
export const CronPreview = (props: {
  of: ReturnType<typeof createCronPreview>
  timeZone: string
  isChangedByRules: boolean
}) => (
  <section aria-labelledby="cron-preview" class="card grid gap-2 bg-sunken p-4">
    <h3 id="cron-preview" class="text-[13px] text-muted">
      When it runs
    </h3>
    <Show when={props.of.error()}>{(error) => <p class="text-failed">No preview for now. {sayError(error())}</p>}</Show>
    <p class="text-base font-medium" aria-live="polite">
      {props.of.preview()?.text ?? (props.of.preview() ? 'Not a time that can be read.' : '')}
    </p>
    <Show when={props.of.preview()?.nextRuns.length}>
      <ol class="grid gap-0.5" aria-label="Next five times">
        <For each={props.of.preview()?.nextRuns}>
          {(at) => (
            <li class="flex flex-wrap gap-x-3 tabular-nums">
              <span>{sayMoment(at, props.timeZone)}</span>
              <span class="text-muted">
                <Time at={at} />
                {props.timeZone === viewerZone() ? '' : `, ${sayMoment(at)} in your time zone`}
              </span>
            </li>
          )}
        </For>
      </ol>
    </Show>
    <Show when={props.isChangedByRules}>
      <p class="text-[13px] text-muted">
        Allowed hours and lateness are not counted in here; the schedule’s own page shows when it really runs.
      </p>
    </Show>
  </section>
)
