import { Show } from 'solid-js'
import type { ScheduleRowFragment } from '../../api/gql/graphql.ts'
import { ToneIcon } from '../../parts/state-badge.tsx'
import { Time } from '../../parts/time.tsx'
import { isSkippedSince } from './schedule-words.ts'

/** Which run was left out last, and why. */
export const LastSkipped = (props: {
  schedule: Parameters<typeof isSkippedSince>[0] & Pick<ScheduleRowFragment, 'lastSkippedReason'>
}) => (
  <p class={`flex items-start gap-2 ${isSkippedSince(props.schedule) ? 'text-warning' : 'text-muted'}`}>
    <span class="mt-0.5">
      <ToneIcon tone={isSkippedSince(props.schedule) ? 'warning' : 'idle'} />
    </span>
    <span class="min-w-0">
      The run of{' '}
      <Show when={props.schedule.lastSkippedFor}>
        {(at) => (
          <span class="relative">
            <Time at={at()} />
          </span>
        )}
      </Show>{' '}
      was left out. {props.schedule.lastSkippedReason}
    </span>
  </p>
)
