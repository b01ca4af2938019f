import { useBeforeLeave } from '@solidjs/router'
import { createSignal, lazy, onCleanup, onMount, Show, Suspense } from 'solid-js'

const LeaveDialog = lazy(() => import('./leave-dialog.tsx'))

/** Keeps what was typed from being lost by a wrong click. */
export const LeaveGuard = (props: { isChanged: () => boolean }) => {
  const [leave, setLeave] = createSignal<() => void>()
  useBeforeLeave((event) => {
    if (event.defaultPrevented || !props.isChanged()) return
    event.preventDefault()
    setLeave(() => () => event.retry(true))
  })
  const warn = (event: BeforeUnloadEvent) => props.isChanged() && event.preventDefault()
  onMount(() => window.addEventListener('beforeunload', warn))
  onCleanup(() => window.removeEventListener('beforeunload', warn))
  return (
    <Show when={leave()}>
      {(proceed) => (
        <Suspense>
          <LeaveDialog onStay={() => setLeave(undefined)} onLeave={() => proceed()()} />
        </Suspense>
      )}
    </Show>
  )
}
