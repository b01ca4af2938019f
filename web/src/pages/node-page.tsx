import type { CombinedError } from '@urql/core'
import { type JSX, Match, Switch } from 'solid-js'
import { Loaded } from '../parts/loading.tsx'
import { Page } from '../parts/page.tsx'
import NotFound from './not-found.tsx'

/** A page about one thing: while it is read, where it cannot be read, and where there is no such thing. */
export const NodePage = <Found,>(props: {
  /** Its heading until the thing is known. */
  title: string
  found: Found | undefined
  /** Whether it is known that there is no such thing. */
  isMissing: boolean
  /** What is said then. */
  missing: string
  error: CombinedError | undefined
  retry: () => void
  children: (found: Found) => JSX.Element
}) => (
  <Switch
    fallback={
      <Page title={props.title}>
        <Loaded data={undefined} error={props.error} retry={props.retry}>
          {() => null}
        </Loaded>
      </Page>
    }
  >
    <Match when={props.found} keyed>
      {(found) => props.children(found)}
    </Match>
    <Match when={props.isMissing}>
      <NotFound what={props.missing} />
    </Match>
  </Switch>
)
