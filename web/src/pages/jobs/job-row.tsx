import { A } from '@solidjs/router'
import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import { Show } from 'solid-js'
import type { JobRowFragment } from '../../api/gql/graphql.ts'
import { now } from '../../parts/clock.ts'
import { ProgressBar } from '../../parts/progress-bar.tsx'
import { RunStateBadge } from '../../parts/state-badge.tsx'
import { Duration, Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { sayCount } from '../../text/counts.ts'
import { isActive } from '../../text/words.ts'
import { isCancelling, runningTask, sayAsker, sayJob, sayLineage, sayProgress, sayTries } from './job-words.ts'

/** One job in a list; a running one shows how far it is. */
export const JobRow = (props: { job: JobRowFragment }) => {
  const task = () => runningTask(props.job)
  const triedAgain = () => props.job.tasks.find(({ state, attempt }) => isActive(state) && attempt > 0)
  const tries = () => {
    const tried = triedAgain()
    return tried ? sayTries(tried, props.job.notBefore, now()) : ''
  }
  // Nothing runs while it waits for its next try.
  const beganWork = () => (props.job.finishedAt || props.job.state === 'RUNNING' ? props.job.startedAt : null)
  const problems = () => props.job.tasks.reduce((sum, { fileProblemCount }) => sum + fileProblemCount, 0)
  return (
    <li class="relative grid gap-1.5 px-4 py-3 hover:bg-sunken">
      <div class="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <A href={paths.job(props.job.id)} class="min-w-0 font-medium after:absolute after:inset-0 hover:underline">
          {sayJob(props.job)}
        </A>
        <RunStateBadge state={props.job.state} isCancelling={isCancelling(props.job)} />
        <Show when={problems() > 0}>
          <span class="text-warning">{sayCount(problems(), 'file problem')}</span>
        </Show>
        <span class="ml-auto flex gap-2 text-muted">
          <Show when={beganWork()}>
            {(from) => (
              <span>
                {props.job.finishedAt ? '' : 'for '}
                <Duration from={from()} to={props.job.finishedAt} />
              </span>
            )}
          </Show>
          <Show when={props.job.finishedAt ?? (beganWork() ? null : props.job.createdAt)}>
            {(at) => (
              // Above the link that covers the row, so that hovering shows the exact time.
              <span class="relative">
                {beganWork() ? '· ' : ''}
                <Time at={at()} />
              </span>
            )}
          </Show>
        </span>
      </div>
      <Show when={sayAsker(props.job) || sayLineage(props.job)}>
        <p class="flex flex-wrap items-center gap-x-3 text-[13px] text-muted">
          <Show when={sayAsker(props.job)}>{(asker) => <span>{asker()}</span>}</Show>
          <Show when={sayLineage(props.job)}>
            {(lineage) => (
              <span class="flex items-center gap-1">
                <RotateCcw size={14} aria-hidden="true" />
                {lineage()}
              </span>
            )}
          </Show>
        </p>
      </Show>
      <Show when={props.job.problem}>
        <p class="line-clamp-2 text-muted">{props.job.problem}</p>
      </Show>
      <Show when={isActive(props.job.state) && props.job.waitingFor}>
        <p class="text-muted">
          Waits for {props.job.waitingFor}
          {props.job.priority === 'NORMAL' ? '' : ` · ${props.job.priority.toLowerCase()} priority`}
        </p>
      </Show>
      <Show when={tries()}>
        <p class="text-muted">{tries()}</p>
      </Show>
      <Show when={task()}>
        {(running) => (
          <>
            <ProgressBar percent={running().progress.percent} label={`Progress of ${sayJob(props.job)}`} />
            <p class="text-[13px] text-muted tabular-nums">
              {sayProgress(running().progress) || running().progress.message}
            </p>
          </>
        )}
      </Show>
    </li>
  )
}
