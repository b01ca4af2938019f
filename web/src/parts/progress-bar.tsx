import { Show } from 'solid-js'

/** How far something is, in percent; without an estimate it only shows that something happens. */
export const ProgressBar = (props: { percent: number | null; label: string }) => (
  <div
    role="progressbar"
    aria-label={props.label}
    aria-valuemin={0}
    aria-valuemax={100}
    aria-valuenow={props.percent === null ? undefined : Math.floor(Math.min(99, props.percent))}
    class="h-1.5 overflow-hidden rounded-full bg-accent-soft"
  >
    <Show when={props.percent !== null} fallback={<div class="h-full w-full animate-pulse bg-accent/40" />}>
      <div
        class="h-full rounded-full bg-accent transition-[width] duration-200"
        style={{ width: `${Math.min(100, Math.max(0, props.percent ?? 0))}%` }}
      />
    </Show>
  </div>
)
