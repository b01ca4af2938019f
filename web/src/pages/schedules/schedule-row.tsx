import { A } from '@solidjs/router'
import CirclePlay from 'lucide-solid/icons/circle-play'
import { Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import {
  type JobRowFragment,
  type SchedulesQuery,
  StartScheduleDocument,
  UpdateScheduleDocument,
} from '../../api/gql/graphql.ts'
import { canAct } from '../../api/rights.ts'
import { Button } from '../../parts/button.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { LastResult, RunStateBadge } from '../../parts/state-badge.tsx'
import { Switch } from '../../parts/switch.tsx'
import { Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { isActive } from '../../text/words.ts'
import { isCancelling } from '../jobs/job-words.ts'
import { LastSkipped } from './last-skipped.tsx'
import { isSkippedSince } from './schedule-words.ts'
import { SubjectLinks } from './subject.tsx'

type Listed = SchedulesQuery['schedules']['edges'][number]['node']

/** The state of a run that is not over, or how it went; and the way to it. */
const LatestRun = (props: { job: JobRowFragment }) => (
  <A href={paths.job(props.job.id)} class="relative w-fit rounded hover:underline">
    <Show
      when={isActive(props.job.state)}
      fallback={<LastResult what="Last run" state={props.job.state} at={props.job.finishedAt ?? props.job.createdAt} />}
    >
      <RunStateBadge state={props.job.state} isCancelling={isCancelling(props.job)} />
    </Show>
  </A>
)

/** One schedule in the list: switched on and off, and run, from here. */
export const ScheduleRow = (props: { schedule: Listed }) => {
  const change = createAction(UpdateScheduleDocument)
  const start = createAction(StartScheduleDocument)
  const schedule = () => props.schedule
  const isRunning = () => schedule().latestJob !== null && isActive(schedule().latestJob?.state ?? 'COMPLETED')
  return (
    <li class="relative grid gap-x-4 gap-y-2 px-4 py-3 hover:bg-sunken lg:grid-cols-[minmax(0,1fr)_11rem_13rem_auto] lg:items-center">
      <div class="flex min-w-0 items-start gap-3">
        <Show when={canAct()}>
          <Switch
            label={`Run ${schedule().name} at its times`}
            isOn={schedule().isEnabled}
            isDisabled={change.isPending()}
            onChange={(isEnabled) => change.run({ input: { id: schedule().id, isEnabled } })}
          />
        </Show>
        <div class="grid min-w-0 gap-0.5">
          <A
            href={paths.schedule(schedule().id)}
            class="w-fit font-medium after:absolute after:inset-0 hover:underline"
          >
            {schedule().name}
          </A>
          <p>
            {schedule().text} <span class="text-muted">({schedule().timeZone})</span>
          </p>
          <p class="text-muted">
            <SubjectLinks schedule={schedule()} />
          </p>
        </div>
      </div>
      <p class="max-lg:pl-13">
        <span class="text-muted lg:block lg:text-[13px]">Next run </span>
        <Show when={schedule().nextRunAt} fallback={schedule().isEnabled ? 'None to come' : 'Switched off'}>
          {(at) => (
            <span class="relative">
              <Time at={at()} />
            </span>
          )}
        </Show>
      </p>
      <div class="max-lg:pl-13">
        <Show when={schedule().latestJob} fallback={<span class="text-muted">Has not run yet</span>}>
          {(job) => <LatestRun job={job()} />}
        </Show>
      </div>
      <Button
        acts
        class="relative justify-self-start max-lg:ml-13"
        disabled={start.isPending() || isRunning()}
        onClick={() => start.run({ input: { id: schedule().id } })}
        aria-label={`Run now: ${schedule().name}`}
      >
        <CirclePlay size={16} aria-hidden="true" />
        Run now
      </Button>
      <Show when={isSkippedSince(schedule()) && schedule()}>
        {(skipped) => (
          <div class="max-lg:pl-13 lg:col-span-4 lg:pl-13">
            <LastSkipped schedule={skipped()} />
          </div>
        )}
      </Show>
      <Show when={change.problem() ?? start.problem()}>
        {(problem) => (
          <div class="relative lg:col-span-4">
            <ProblemNotice problem={problem()} />
          </div>
        )}
      </Show>
    </li>
  )
}
