import { A, useNavigate, useParams, useSearchParams } from '@solidjs/router'
import { createSignal, For, Match, Show, Switch } from 'solid-js'
import { createAction } from '../../api/action.ts'
import {
  type PlanDetailsFragment,
  PlanDocument,
  PlanJobsDocument,
  type PlanJobsQuery,
  type PlanJobsQueryVariables,
  StartBackupDocument,
  StartDryRunDocument,
} from '../../api/gql/graphql.ts'
import { areSettled, createLiveQuery } from '../../api/live-query.ts'
import { canAct } from '../../api/rights.ts'
import { isId, readId } from '../../ids.ts'
import { Automation } from '../../parts/automation.tsx'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { Empty, Loaded } from '../../parts/loading.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { JobList } from '../jobs/job-list.tsx'
import { JobRow } from '../jobs/job-row.tsx'
import { NodePage } from '../node-page.tsx'
import { DeletePlan } from './delete-plan.tsx'
import { DryRun } from './dry-run.tsx'
import { LatestRun } from './plan-row.tsx'
import { Doing, Hooks, When } from './plan-sections.tsx'
import { Statistics } from './statistics.tsx'

const link = 'text-accent hover:underline'

type Jobs = ReturnType<typeof createLiveQuery<PlanJobsQuery, PlanJobsQueryVariables>>

const LastJobs = (props: { plan: PlanDetailsFragment; jobs: Jobs }) => (
  <Section
    title="Last jobs"
    beside={
      <A href={paths.planJobs(props.plan.id)} class={link}>
        All its jobs
      </A>
    }
  >
    <Loaded
      data={props.jobs[0].data?.jobs}
      error={props.jobs[0].error}
      retry={props.jobs[1]}
      rows={3}
      isEmpty={({ edges }) => edges.length === 0}
      empty={<p class="text-muted">It never ran.{canAct() ? ' Choose “Back up now” to run it.' : ''}</p>}
    >
      {(jobs) => (
        <ul class="card divide-y divide-line">
          <For each={jobs.edges}>{(edge) => <JobRow job={edge.node} />}</For>
        </ul>
      )}
    </Loaded>
  </Section>
)

const Details = (props: { plan: PlanDetailsFragment; jobs: Jobs; tab: string | undefined }) => {
  const navigate = useNavigate()
  const [search, setSearch] = useSearchParams<{ dryRun?: string }>()
  // A link may lead to a dry run, which would move what is below it.
  const [isWaiting, setWaiting] = createSignal(search.dryRun !== undefined)
  const backup = createAction(StartBackupDocument)
  const dryRun = createAction(StartDryRunDocument)
  const isReady = () => props.plan.repository.isUsable
  const input = () => ({ planId: props.plan.id })
  const start = async () => {
    const job = await backup.run({ input: input() })
    if (job) navigate(paths.job(job.id))
  }
  const tryOut = async () => {
    const job = await dryRun.run({ input: input() })
    if (job) setSearch({ dryRun: job.id })
  }

  return (
    <Page
      title={props.plan.name}
      above={
        <p>
          <A href={paths.plans} class={link}>
            Plans
          </A>
        </p>
      }
      beside={<LatestRun job={props.plan.latestJob} />}
      actions={
        <>
          <ButtonLink acts href={paths.editPlan(props.plan.id)}>
            Edit
          </ButtonLink>
          <Button acts onClick={tryOut} disabled={!isReady() || dryRun.isPending()}>
            Dry run
          </Button>
          <Button acts look="primary" onClick={start} disabled={!isReady() || backup.isPending()}>
            Back up now
          </Button>
        </>
      }
    >
      <ProblemNotice problem={backup.problem() ?? dryRun.problem()} />
      <p class="flex flex-wrap gap-x-4 gap-y-1 text-muted">
        <span>
          into{' '}
          <A href={paths.repository(props.plan.repository.id)} class={link}>
            {props.plan.repository.name}
          </A>
          {props.plan.repository.state === 'FAILED' ? ', which could not be opened the last time' : ''}
          {props.plan.repository.state === 'PENDING' ? ', which is being set up' : ''}
        </span>
        <span>
          Changed <Time at={props.plan.updatedAt} />
        </span>
      </p>
      <nav aria-label="Plan" class="flex gap-1 border-b border-line">
        <For
          each={[
            { word: 'Plan', href: paths.plan(props.plan.id) },
            { word: 'Jobs', href: paths.planJobs(props.plan.id) },
          ]}
        >
          {(tab) => (
            <A
              href={tab.href}
              end
              class="-mb-px rounded-t-md border-b-2 border-transparent px-3 py-2 text-muted hover:text-ink"
              activeClass="border-accent! text-ink! font-medium"
            >
              {tab.word}
            </A>
          )}
        </For>
      </nav>
      <Switch>
        <Match when={props.tab === 'jobs'}>
          <JobList
            filter={{ planId: props.plan.id }}
            allHref={paths.jobsOf({ plan: props.plan.id })}
            empty={<Empty title="It never ran." />}
          />
        </Match>
        <Match when={true}>
          <div class="grid grid-cols-[minmax(0,1fr)] gap-8">
            <Show when={search.dryRun} keyed>
              {(id) => <DryRun jobId={id} onShown={() => setWaiting(false)} />}
            </Show>
            <div class="contents" classList={{ invisible: isWaiting() }}>
              <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-8 lg:grid-cols-2">
                <Doing plan={props.plan} />
                <div class="grid grid-cols-[minmax(0,1fr)] gap-8">
                  <When plan={props.plan} />
                  <LastJobs plan={props.plan} jobs={props.jobs} />
                </div>
              </div>
              <Statistics planId={props.plan.id} />
              <Hooks plan={props.plan} />
              <Automation operation="startBackup" input={input()} />
              <Show when={canAct()}>
                <DeletePlan plan={props.plan} />
              </Show>
            </div>
          </div>
        </Match>
      </Switch>
    </Page>
  )
}

export default function PlanPage() {
  const params = useParams<{ id: string; tab?: string }>()
  const id = () => readId(params.id)
  const pause = () => !isId(id())
  const [result, retry] = createLiveQuery({ query: PlanDocument, variables: () => ({ id: id() }), pause })
  const jobs = createLiveQuery({ query: PlanJobsDocument, variables: () => ({ id: id() }), pause })
  const plan = () => (result.data?.node?.__typename === 'BackupPlan' ? result.data.node : undefined)
  return (
    <NodePage
      title="Plan"
      found={areSettled(jobs[0]) ? plan() : undefined}
      isMissing={pause() || (Boolean(result.data) && !plan())}
      missing="There is no such plan, or it was removed since."
      error={result.error}
      retry={retry}
    >
      {(found) => <Details plan={found} jobs={jobs} tab={params.tab} />}
    </NodePage>
  )
}
