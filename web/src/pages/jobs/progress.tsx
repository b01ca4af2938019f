import { Show } from 'solid-js'
import type { ProgressFragment } from '../../api/gql/graphql.ts'
import { Facts } from '../../parts/facts.tsx'
import { ProgressBar } from '../../parts/progress-bar.tsx'
import { sayPercent } from '../../text/counts.ts'
import { sayBytes, sayRate } from '../../text/sizes.ts'
import { sayTimeLeft } from '../../text/times.ts'

const bytesOf = (bytes: number | null) => (bytes === null ? '–' : sayBytes(bytes))

/** What a running task does now, and how far it is. */
export const Progress = (props: { progress: ProgressFragment; label: string }) => {
  const progress = () => props.progress
  return (
    <section class="card grid gap-4 p-4" aria-label="Progress">
      <div class="grid gap-2">
        <div class="flex flex-wrap justify-between gap-x-4 text-base font-medium tabular-nums">
          <span>
            <Show when={progress().percent !== null} fallback="In progress">
              about {sayPercent(progress().percent ?? 0)}
            </Show>
          </span>
          <Show when={progress().secondsLeft !== null}>
            <span>{sayTimeLeft(progress().secondsLeft ?? 0)}</span>
          </Show>
        </div>
        <ProgressBar percent={progress().percent} label={props.label} />
        <Show when={progress().message}>
          <p class="text-muted">{progress().message}</p>
        </Show>
      </div>
      <Show when={progress().fileCount !== null || progress().originalSize !== null}>
        <Facts
          facts={[
            { name: 'Files', value: progress().fileCount?.toLocaleString('en') ?? '–' },
            {
              name: 'Original',
              value: bytesOf(progress().originalSize),
              note: progress().expectedOriginalSize !== null && `of about ${bytesOf(progress().expectedOriginalSize)}`,
            },
            { name: 'Compressed', value: bytesOf(progress().compressedSize) },
            { name: 'Deduplicated', value: bytesOf(progress().deduplicatedSize), note: 'added to the repository' },
            {
              name: 'Rate',
              value: progress().bytesPerSecond === null ? '–' : sayRate(progress().bytesPerSecond ?? 0),
            },
          ]}
        />
      </Show>
      <Show when={progress().currentPath}>
        {(path) => (
          <p class="min-w-0">
            <span class="block text-[13px] text-muted">Current file</span>
            <span class="line-clamp-2 min-h-[3em] font-mono text-[13px]" title={path()}>
              {path()}
            </span>
          </p>
        )}
      </Show>
    </section>
  )
}
