import { For, Show } from 'solid-js'
import { sayDuration } from '../../text/times.ts'
import type { Tone } from '../../text/words.ts'
import type { Row, Stretch, Timeline } from './timeline.ts'

const fills: Record<Tone, string> = {
  running: 'bg-accent',
  good: 'bg-good',
  warning: 'bg-warning',
  failed: 'bg-failed',
  idle: 'bg-idle',
}

const placed = ({ left, width }: Stretch) => ({ left: `${left}%`, width: `${width}%` })

const Marks = (props: { timeline: Timeline }) => (
  <For each={props.timeline.ticks}>
    {({ left }) => <div class="absolute inset-y-0 w-px bg-line" style={{ left: `${left}%` }} />}
  </For>
)

/** When a stretch of waiting was, as a thin line. */
const Wait = (props: { stretch: Stretch }) => (
  <div class="absolute top-1/2 min-w-px border-t-2 border-dotted border-edge" style={placed(props.stretch)} />
)

/** When one task was at work, as a bar on the scale of its job. What it shows is told in words beside it. */
export const Track = (props: { timeline: Timeline; row: Row | undefined; tone: Tone }) => (
  <div aria-hidden="true" class="relative h-4 w-full overflow-hidden rounded bg-sunken">
    <Marks timeline={props.timeline} />
    <Show when={props.row?.gap}>{(gap) => <Wait stretch={gap()} />}</Show>
    <Show when={props.row?.bar}>
      {(bar) => <div class={`absolute inset-y-0.5 min-w-1 rounded-sm ${fills[props.tone]}`} style={placed(bar())} />}
    </Show>
  </div>
)

/** The time before the job began, as the first row of the timeline. */
export const QueuedTrack = (props: { timeline: Timeline }) => (
  <div aria-hidden="true" class="relative h-4 w-full overflow-hidden rounded bg-sunken">
    <Marks timeline={props.timeline} />
    <Show when={props.timeline.queued.stretch}>{(stretch) => <Wait stretch={stretch()} />}</Show>
  </div>
)

/** The scale above the bars: the time since its beginning. */
export const Scale = (props: { timeline: Timeline }) => (
  <div aria-hidden="true" class="relative h-5 w-full text-xs text-muted tabular-nums">
    <For each={props.timeline.ticks}>
      {({ seconds, left }) => (
        <span class="absolute -translate-x-1/2 whitespace-nowrap" style={{ left: `${left}%` }}>
          {sayDuration(seconds)}
        </span>
      )}
    </For>
  </div>
)

/** How long a task took. */
export const sayTook = (seconds: number) => (seconds < 0.5 ? '< 1 s' : sayDuration(seconds))

/** When a task was at work, in words: what its bar shows. */
export const sayRow = (row: Row, attempt: number) => {
  if (row.bar === undefined) return ''
  const wait =
    row.wait === 0
      ? ''
      : attempt > 1
        ? `, after ${sayDuration(row.wait)} of tries before it and waiting`
        : `, after ${sayDuration(row.wait)} of waiting`
  const begin = row.begin < 1 ? 'Began at once' : `Began ${sayDuration(row.begin)} after the start`
  return `${begin}${row.duration === null ? '' : wait}.`
}
