import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { type PlanRowFragment, StartBackupDocument } from '../../api/gql/graphql.ts'
import { Button } from '../../parts/button.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { LastResult, RunStateBadge } from '../../parts/state-badge.tsx'
import { Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { isActive } from '../../text/words.ts'
import { isCancelling } from '../jobs/job-words.ts'
import { nextRunOf, saySources } from './plan-words.ts'

/** The newest backup of a plan: its state while it is not over, then how it went, and when. */
export const LatestRun = (props: { job: PlanRowFragment['latestJob'] }) => (
  <Show when={props.job} fallback={<span class="text-muted">Never ran</span>}>
    {(job) => (
      <Show
        when={isActive(job().state)}
        fallback={<LastResult what="Last backup" state={job().state} at={job().finishedAt ?? job().createdAt} />}
      >
        <RunStateBadge state={job().state} isCancelling={isCancelling(job())} />
      </Show>
    )}
  </Show>
)

/** When a plan runs next. */
export const NextRun = (props: { plan: Pick<PlanRowFragment, 'schedules'> }) => (
  <Show when={nextRunOf(props.plan)} fallback={props.plan.schedules.length > 0 ? 'Schedules are off' : 'Manual'}>
    {(at) => (
      <span class="relative">
        Next <Time at={at()} />
      </span>
    )}
  </Show>
)

/** One plan in a list, with a way to run it. */
export const PlanRow = (props: { plan: PlanRowFragment }) => {
  const action = createAction(StartBackupDocument)
  const isRunning = () => props.plan.latestJob !== null && isActive(props.plan.latestJob.state)
  return (
    <li class="relative grid gap-x-4 gap-y-2 px-4 py-3 hover:bg-sunken md:grid-cols-[minmax(0,1fr)_auto] md:items-center">
      <div class="grid min-w-0 gap-1">
        <div class="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <A href={paths.plan(props.plan.id)} class="min-w-0 font-medium after:absolute after:inset-0 hover:underline">
            {props.plan.name}
          </A>
          <LatestRun job={props.plan.latestJob} />
        </div>
        <p class="flex flex-wrap gap-x-4 gap-y-0.5 text-muted">
          <span>
            into <span class="text-ink">{props.plan.repository.name}</span>
          </span>
          <NextRun plan={props.plan} />
        </p>
        <p class="line-clamp-2 font-mono text-[13px] text-muted">{saySources(props.plan.settings.sources)}</p>
      </div>
      <Button
        acts
        class="relative justify-self-start"
        aria-label={`Back up now: ${props.plan.name}`}
        disabled={isRunning() || action.isPending() || !props.plan.repository.isUsable}
        onClick={() => action.run({ input: { planId: props.plan.id } })}
      >
        Back up now
      </Button>
      <div class="md:col-span-2 empty:hidden">
        <ProblemNotice problem={action.problem()} />
      </div>
    </li>
  )
}
