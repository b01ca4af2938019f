import { sayDuration, sayExact, sayRelative, secondsBetween } from '../text/times.ts'
import { now } from './clock.ts'

/** A moment as people say it; the exact one, in the viewer's zone, on hover. */
export const Time = (props: { at: string }) => (
  <time datetime={props.at} title={sayExact(props.at)} class="tabular-nums whitespace-nowrap">
    {sayRelative(props.at, now())}
  </time>
)

/** How long something took, or has taken so far. */
export const Duration = (props: { from: string; to: string | null }) => (
  <span class="tabular-nums whitespace-nowrap">{sayDuration(secondsBetween(props.from, props.to, now()))}</span>
)
