import { A, useNavigate, useParams } from '@solidjs/router'
import CirclePlay from 'lucide-solid/icons/circle-play'
import { For, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import {
  ScheduleDocument,
  type ScheduleQuery,
  StartScheduleDocument,
  UpdateScheduleDocument,
} from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { canAct } from '../../api/rights.ts'
import { isId, readId } from '../../ids.ts'
import { Automation } from '../../parts/automation.tsx'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Empty } from '../../parts/loading.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { Switch } from '../../parts/switch.tsx'
import { Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { JobList } from '../jobs/job-list.tsx'
import { NodePage } from '../node-page.tsx'
import { DeleteSchedule } from './delete-schedule.tsx'
import { LastSkipped } from './last-skipped.tsx'
import { sayElsewhere, sayMoment } from './moments.ts'
import { missedRunPolicies, overlapPolicies, sayJitter, sayLimit, sayWindow } from './schedule-words.ts'
import { SubjectLinks } from './subject.tsx'
import { viewerZone } from './zones.ts'

type Found = Extract<NonNullable<ScheduleQuery['node']>, { __typename: 'Schedule' }>

const NextRuns = (props: { schedule: Found }) => (
  <Section title="Next runs">
    <Show
      when={props.schedule.nextRuns.length > 0}
      fallback={
        <p class="text-muted">
          {props.schedule.isEnabled
            ? 'None is to come.'
            : `None: it is switched off.${canAct() ? ' You can still run it by hand, with “Run now”.' : ''}`}
        </p>
      }
    >
      <ol aria-label="Next runs" class="card divide-y divide-line">
        <For each={props.schedule.nextRuns}>
          {(run) => {
            const elsewhere = () => sayElsewhere(run, props.schedule.timeZone, viewerZone())
            return (
              <li class="flex flex-wrap gap-x-4 gap-y-0.5 px-4 py-2.5 tabular-nums">
                <span class="font-medium">{sayMoment(run.at)}</span>
                <span class="text-muted">
                  <Time at={run.at} />
                </span>
                <span class="text-muted">{elsewhere()}</span>
              </li>
            )
          }}
        </For>
      </ol>
    </Show>
  </Section>
)

const Details = (props: { schedule: Found }) => {
  const navigate = useNavigate()
  const change = createAction(UpdateScheduleDocument)
  const start = createAction(StartScheduleDocument)
  const schedule = () => props.schedule
  const run = async () => {
    const job = await start.run({ input: { id: schedule().id } })
    if (job) navigate(paths.job(job.id))
  }
  return (
    <Page
      title={schedule().name}
      above={
        <A href={paths.schedules} class="w-fit text-accent hover:underline">
          Schedules
        </A>
      }
      actions={
        <>
          <ButtonLink acts href={paths.editSchedule(schedule().id)}>
            Edit
          </ButtonLink>
          <Button acts look="primary" disabled={start.isPending()} onClick={run}>
            <CirclePlay size={16} aria-hidden="true" />
            Run now
          </Button>
        </>
      }
    >
      <ProblemNotice problem={change.problem() ?? start.problem()} />
      <div class="card grid gap-4 p-4">
        <div class="grid gap-0.5">
          <p class="text-base font-medium">{schedule().text}</p>
          <p class="text-muted">
            by the clock of {schedule().timeZone} · cron{' '}
            <code class="font-mono whitespace-nowrap">{schedule().cron}</code>
          </p>
          <p>
            <SubjectLinks schedule={schedule()} />
          </p>
        </div>
        <div class="flex items-center gap-3">
          <Show when={canAct()}>
            <Switch
              label="Run at its times"
              isOn={schedule().isEnabled}
              isDisabled={change.isPending()}
              onChange={(isEnabled) => change.run({ input: { id: schedule().id, isEnabled } })}
            />
          </Show>
          <span aria-hidden={canAct() ? 'true' : undefined}>
            {schedule().isEnabled ? 'Runs at its times' : 'Switched off'}
          </span>
        </div>
        <Facts
          facts={[
            {
              name: 'Next run',
              value: (
                <Show when={schedule().nextRunAt} fallback="–">
                  {(at) => <Time at={at()} />}
                </Show>
              ),
            },
            { name: 'Allowed hours', value: sayWindow(schedule().window) },
            { name: 'Begins', value: sayJitter(schedule().jitter) },
            { name: 'Longest run', value: sayLimit(schedule().maxDuration) },
          ]}
        />
        <Show when={schedule().lastSkippedFor}>
          <LastSkipped schedule={schedule()} />
        </Show>
        <ul class="grid gap-0.5 text-muted">
          <li>{missedRunPolicies[schedule().missedRunPolicy].explanation}</li>
          <li>{overlapPolicies[schedule().overlapPolicy].explanation}</li>
        </ul>
      </div>
      <NextRuns schedule={schedule()} />
      <Section title="Its runs">
        <JobList
          filter={{ scheduleId: schedule().id }}
          allHref={paths.jobsOf({ schedule: schedule().id })}
          empty={
            <Empty title="Has not run yet.">
              <p class="text-muted">Its runs appear here, with everything that they print.</p>
            </Empty>
          }
        />
      </Section>
      <Automation operation="startSchedule" input={{ id: schedule().id }} />
      <Show when={canAct()}>
        <DeleteSchedule schedule={schedule()} />
      </Show>
    </Page>
  )
}

export default function SchedulePage() {
  const params = useParams<{ id: string }>()
  const id = () => readId(params.id)
  const pause = () => !isId(id())
  const [result, retry] = createLiveQuery({ query: ScheduleDocument, variables: () => ({ id: id() }), pause })
  const schedule = () => (result.data?.node?.__typename === 'Schedule' ? result.data.node : undefined)
  return (
    <NodePage
      title="Schedule"
      found={schedule()}
      isMissing={pause() || Boolean(result.data)}
      missing="There is no such schedule, or it was removed since."
      error={result.error}
      retry={retry}
    >
      {(found) => <Details schedule={found} />}
    </NodePage>
  )
}
