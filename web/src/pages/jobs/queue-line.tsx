import { A } from '@solidjs/router'
import { createSignal, lazy, Show, Suspense } from 'solid-js'
import { canAct } from '../../api/rights.ts'
import { Button } from '../../parts/button.tsx'
import { createQueue } from '../../parts/queue.ts'
import { paths } from '../../paths.ts'
import { sayCount } from '../../text/counts.ts'

const PauseDialog = lazy(() => import('./pause-queue.tsx'))

/** A button that pauses the queue, after it has said what that means. Nothing while it is paused. */
export const PauseQueueButton = () => {
  const queue = createQueue()
  const [isOpen, setOpen] = createSignal(false)
  return (
    <>
      <Show when={queue()?.isPaused === false}>
        <Button acts onClick={() => setOpen(true)}>
          Pause the queue…
        </Button>
      </Show>
      <Show when={isOpen()}>
        <Suspense>
          <PauseDialog runningCount={queue()?.runningCount ?? 0} onClose={() => setOpen(false)} />
        </Suspense>
      </Show>
    </>
  )
}

/** How many jobs run and wait, and how many may run at the same time. */
export const QueueLine = () => {
  const queue = createQueue()
  return (
    <Show when={queue()}>
      {(found) => (
        <p class="flex flex-wrap gap-x-3 text-muted tabular-nums">
          <span>
            {found().runningCount === 0 ? 'Nothing runs' : sayCount(found().runningCount, 'job runs', 'jobs run')},{' '}
            {found().waitingCount === 0 ? 'nothing waits' : sayCount(found().waitingCount, 'waits', 'wait')}.
          </span>
          <span>
            {found().concurrentJobs === 1 ? 'One' : found().concurrentJobs} at the same time at most
            {found().concurrentBackups < found().concurrentJobs
              ? `, ${found().concurrentBackups} of them ${found().concurrentBackups === 1 ? 'a backup' : 'backups'}`
              : ''}
            .{' '}
            <A href={paths.queue} class="text-accent underline">
              {canAct() ? 'Change' : 'See'}
            </A>
          </span>
        </p>
      )}
    </Show>
  )
}
