import { For, Show } from 'solid-js'
import { Notice } from './state-badge.tsx'

/** Why a form was refused. Announced to screen readers when it appears. */
export const ProblemNotice = (props: {
  problem: { message: string; fields?: { path: string[]; message: string }[] } | undefined
}) => (
  <Show when={props.problem}>
    {(problem) => (
      <Notice tone="failed" role="alert">
        <Show when={problem().fields?.length} fallback={problem().message}>
          <For each={problem().fields}>{(field) => <p>{field.message}</p>}</For>
        </Show>
      </Notice>
    )}
  </Show>
)
