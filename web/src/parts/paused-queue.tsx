import CirclePause from 'lucide-solid/icons/circle-pause'
import { Show } from 'solid-js'
import { createAction } from '../api/action.ts'
import { ResumeQueueDocument } from '../api/gql/graphql.ts'
import { sayCount } from '../text/counts.ts'
import { Button } from './button.tsx'
import { createQueue } from './queue.ts'
import { Time } from './time.tsx'

/** Says that no job is begun, since when, by whose wish and why, and ends it. Nothing while jobs are begun. */
export const PausedQueue = (props: { onResume: () => void }) => {
  const queue = createQueue()
  const action = createAction(ResumeQueueDocument)
  const resume = async () => {
    if (await action.run({})) props.onResume()
  }
  const waiting = () => queue()?.waitingCount ?? 0
  return (
    <Show when={queue()?.isPaused}>
      <section aria-label="The queue is paused" class="border-b border-line bg-warning-soft px-4 py-2.5 sm:px-6">
        <div class="mx-auto flex max-w-6xl items-start gap-x-4 sm:items-center">
          <CirclePause size={20} class="shrink-0 text-warning" aria-hidden="true" />
          <div class="min-w-0 flex-1">
            <p>
              <span class="font-medium">The queue is paused: nothing new begins, scheduled backups neither.</span>{' '}
              {waiting() === 0 ? 'No job waits.' : `${sayCount(waiting(), 'job waits', 'jobs wait')}.`}
            </p>
            <p class="text-[13px]">
              Paused <Show when={queue()?.pausedAt}>{(at) => <Time at={at()} />}</Show>
              <Show when={queue()?.pausedBy}>{(user) => ` by ${user().username}`}</Show>
              <Show when={queue()?.pauseReason}>{(reason) => `: ${reason()}`}</Show>
            </p>
            <Show when={action.problem()}>
              {(problem) => (
                <p role="alert" class="text-failed">
                  {problem().message}
                </p>
              )}
            </Show>
          </div>
          <Button acts onClick={resume} disabled={action.isPending()}>
            Resume
          </Button>
        </div>
      </section>
    </Show>
  )
}
