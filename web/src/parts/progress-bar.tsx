import { Show } from 'solid-js'

/** Full is what has ended: what still runs is never shown so. */
const most = 99

/** How far something is, in percent; without an estimate it shows that something happens, and nothing about how far it is. */
export const ProgressBar = (props: { percent: number | null; label: string }) => (
  <div
    role="progressbar"
    aria-label={props.label}
    aria-valuemin={0}
    aria-valuemax={100}
    aria-valuenow={props.percent === null ? undefined : Math.floor(Math.min(most, props.percent))}
    class="h-1.5 overflow-hidden rounded-full bg-accent-soft"
  >
    <Show
      when={props.percent !== null}
      fallback={<div class="h-full w-1/3 animate-to-and-fro rounded-full bg-accent" />}
    >
      <div
        class="h-full rounded-full bg-accent transition-[width] duration-200"
        style={{ width: `${Math.min(most, Math.max(0, props.percent ?? 0))}%` }}
      />
    </Show>
  </div>
)
