import type { CombinedError } from '@urql/core'
import { For, type JSX, Match, Switch } from 'solid-js'
import { sayError } from '../api/action.ts'
import { Button } from './button.tsx'
import { Notice } from './state-badge.tsx'

/** Grey rows in the place of what is being read. */
export const Skeleton = (props: { rows?: number }) => (
  <div role="status" aria-label="Loading" class="grid gap-2">
    <For each={Array.from({ length: props.rows ?? 4 })}>
      {() => <div class="h-12 animate-pulse rounded-card bg-sunken" />}
    </For>
  </div>
)

/** Says what could not be read, and tries again when asked. */
export const Failure = (props: { error: CombinedError; retry: () => void }) => (
  <Notice tone="failed" role="alert">
    <p class="font-medium">This could not be read.</p>
    <p>{sayError(props.error)}</p>
    <Button class="mt-2" onClick={props.retry}>
      Try again
    </Button>
  </Notice>
)

/** What is shown in a list's place while it is read, where it cannot be read, and where it is empty. */
export const Loaded = <Data,>(props: {
  data: Data | null | undefined
  error: CombinedError | undefined
  retry: () => void
  isEmpty?: (data: Data) => boolean
  empty?: JSX.Element
  rows?: number
  children: (data: Data) => JSX.Element
}) => (
  <Switch fallback={<Skeleton rows={props.rows} />}>
    <Match when={props.data !== null && props.data !== undefined && props.data}>
      {(data) => (
        <Switch fallback={props.children(data())}>
          <Match when={props.isEmpty?.(data())}>{props.empty}</Match>
        </Switch>
      )}
    </Match>
    <Match when={props.error}>{(error) => <Failure error={error()} retry={props.retry} />}</Match>
  </Switch>
)

/** What an empty list is for, and what to do first. */
export const Empty = (props: { title: string; children?: JSX.Element }) => (
  <div class="card grid justify-items-center gap-3 px-4 py-10 text-center">
    <p class="text-base font-medium">{props.title}</p>
    {props.children}
  </div>
)
