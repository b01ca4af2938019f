import { A, useParams, useSearchParams } from '@solidjs/router'
import { createMemo, For, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { CancelJobDocument, JobChangedDocument, type JobDetailsFragment, JobDocument } from '../../api/gql/graphql.ts'
import { createFollowedQuery } from '../../api/live-query.ts'
import { canAct } from '../../api/rights.ts'
import { isId, readId } from '../../ids.ts'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { now } from '../../parts/clock.ts'
import { Facts } from '../../parts/facts.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { Notice, RunStateBadge } from '../../parts/state-badge.tsx'
import { Duration, Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { taskKinds } from '../../text/kinds.ts'
import { sayBytes, sayRatio } from '../../text/sizes.ts'
import { sayDuration } from '../../text/times.ts'
import { isActive, runStates } from '../../text/words.ts'
import { NodePage } from '../node-page.tsx'
import { AskedFor } from './asked-for.tsx'
import { DryRunCounts } from './dry-run-counts.tsx'
import { Freed } from './freed.tsx'
import { isCancelling, repositoriesOf, runningTask, sayJob, taskOfInterest } from './job-words.ts'
import { Lineage } from './lineage.tsx'
import { Progress } from './progress.tsx'
import { Task, timelineColumns } from './task.tsx'
import { timelineOf } from './timeline.ts'
import { QueuedTrack, Scale } from './tracks.tsx'
import { TryAgain } from './try-again.tsx'
import { Waiting } from './waiting.tsx'

type Job = JobDetailsFragment

const bytesOf = (bytes: number | null) => (bytes === null ? '–' : sayBytes(bytes))

/** What a backup made. */
const Result = (props: { archive: NonNullable<Job['archive']> }) => {
  const archive = () => props.archive
  const ratio = () => sayRatio(archive().originalSize ?? 0, archive().deduplicatedSize ?? 0)
  return (
    <Section title="Archive">
      <div class="card grid gap-4 p-4">
        <Show when={archive().incompleteReason}>
          {(reason) => <Notice tone="warning">This archive is not whole. {reason()}</Notice>}
        </Show>
        <Show when={archive().vanishedAt}>
          {(at) => (
            <Notice tone="warning">
              This archive has vanished from the repository: it was gone <Time at={at()} />, though it was not removed
              from here.
            </Notice>
          )}
        </Show>
        <p class="font-mono">{archive().name}</p>
        <Facts
          facts={[
            { name: 'Files', value: archive().fileCount?.toLocaleString('en') ?? '–' },
            { name: 'Original', value: bytesOf(archive().originalSize) },
            { name: 'Compressed', value: bytesOf(archive().compressedSize) },
            {
              name: 'Deduplicated',
              value: bytesOf(archive().deduplicatedSize),
              note: ratio() ? `${ratio()} smaller` : 'added to the repository',
            },
          ]}
        />
      </div>
    </Section>
  )
}

/** The tasks of a job on one scale of time. */
const Timeline = (props: { job: Job; openTask: string | undefined; toggle: (id: string) => void }) => {
  // Live by the clock of the page while the job runs, and still from its end on.
  const end = () => (isActive(props.job.state) ? now() : 0)
  const timeline = createMemo(() => timelineOf(props.job, end()))
  const queued = () => timeline().queued
  return (
    <Section title="Timeline">
      <ol class="grid grid-cols-[minmax(0,1fr)] gap-2">
        <Show when={queued().seconds >= 1}>
          <li class={`flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 text-muted ${timelineColumns}`}>
            <span class="flex-1">
              {props.job.startedAt === null ? 'Waits to begin' : 'Waited to begin'}
              {queued().stretch ? '' : ' (before the scale)'}
            </span>
            <span class="order-last w-full lg:order-none">
              <QueuedTrack timeline={timeline()} />
            </span>
            <span class="ml-auto tabular-nums">{sayDuration(queued().seconds)}</span>
          </li>
        </Show>
        <Show when={props.job.startedAt}>
          <li aria-hidden="true" class={`px-4 ${timelineColumns}`}>
            <span class="hidden lg:block" />
            <Scale timeline={timeline()} />
          </li>
        </Show>
        <For each={props.job.tasks}>
          {(task) => (
            <Task
              task={task}
              isOfSeveral={props.job.repositoryNames.length > 1}
              timeline={timeline()}
              notBefore={props.job.notBefore}
              isOpen={props.openTask === task.id}
              toggle={() => props.toggle(task.id)}
              jobProblem={props.job.problem}
              fileName={`${task.repositoryName ?? 'job'}-${task.kind.toLowerCase()}-${props.job.createdAt.slice(0, 19).replaceAll(':', '-')}.txt`}
            />
          )}
        </For>
      </ol>
    </Section>
  )
}

/** Who or what asked for a job, with ways there. */
const Asked = (props: { job: Job }) => (
  <span>
    Requested <Time at={props.job.createdAt} />
    <Show when={props.job.requestedBy}>{(user) => ` by ${user().username}`}</Show>
    <Show when={props.job.schedule}>
      {(schedule) => (
        <>
          {' '}
          by schedule{' '}
          <A href={paths.schedule(schedule().id)} class="text-accent underline">
            {schedule().name}
          </A>
        </>
      )}
    </Show>
    <Show when={props.job.scheduledFor}>
      {(at) => (
        <>
          {' '}
          (due <Time at={at()} />)
        </>
      )}
    </Show>
  </span>
)

const Details = (props: { job: Job }) => {
  const [search, setSearch] = useSearchParams<{ task?: string }>()
  const cancel = createAction(CancelJobDocument)
  const job = () => props.job
  const openTask = () => search.task ?? taskOfInterest(job())?.id
  const toggle = (id: string) => setSearch({ task: openTask() === id ? 'none' : id }, { replace: true, scroll: false })

  return (
    <Page
      title={sayJob(job())}
      above={
        <p>
          <Show when={job().plan}>
            {(plan) => (
              <>
                <span class="text-muted">Plan </span>
                <A href={paths.plan(plan().id)} class="text-accent underline underline-offset-2">
                  {plan().name}
                </A>
                <span class="text-muted"> · </span>
              </>
            )}
          </Show>
          <span class="text-muted">{['', 'Repository '][job().repositoryNames.length] ?? 'Repositories '}</span>
          <For each={repositoriesOf(job())}>
            {({ name, id }, index) => (
              <>
                {index() > 0 && ', '}
                <Show when={id} fallback={<span class="text-muted">{name} (removed since)</span>}>
                  {(id) => (
                    <A href={paths.repository(id())} class="text-accent underline underline-offset-2">
                      {name}
                    </A>
                  )}
                </Show>
              </>
            )}
          </For>
        </p>
      }
      beside={<RunStateBadge state={job().state} isCancelling={isCancelling(job())} />}
      actions={
        <Show
          when={isActive(job().state)}
          fallback={
            <Show when={job().repository}>
              {(repository) => <ButtonLink href={paths.repository(repository().id)}>Open repository</ButtonLink>}
            </Show>
          }
        >
          <Button
            acts
            look="danger"
            disabled={cancel.isPending() || isCancelling(job())}
            onClick={() => cancel.run({ input: { id: job().id } })}
          >
            Cancel job
          </Button>
        </Show>
      }
    >
      <ProblemNotice problem={cancel.problem()} />
      <p class="flex flex-wrap gap-x-4 gap-y-1 text-muted">
        <Asked job={job()} />
        <Show when={job().startedAt}>
          {(from) => (
            <Show
              when={job().finishedAt || job().state === 'RUNNING'}
              fallback={
                <span>
                  Began <Time at={from()} />
                </span>
              }
            >
              <span>
                {job().finishedAt ? 'Took' : 'Running for'} <Duration from={from()} to={job().finishedAt} />
              </span>
            </Show>
          )}
        </Show>
        <Show when={job().finishedAt}>
          {(at) => (
            <span>
              Ended <Time at={at()} />
            </span>
          )}
        </Show>
      </p>
      <Show when={job().state === 'PENDING' || job().state === 'QUEUED'}>
        <Waiting job={job()} />
      </Show>
      <Show when={job().problem}>
        {(problem) => (
          <Notice tone={isActive(job().state) ? 'warning' : runStates[job().state].tone}>{problem()}</Notice>
        )}
      </Show>
      <Show when={job().canRetry && canAct()}>
        <TryAgain job={job()} />
      </Show>
      <Lineage job={job()} />
      <Show when={runningTask(job())}>
        {(task) => <Progress progress={task().progress} label={`Progress of ${sayJob(job())}`} />}
      </Show>
      <Show when={job().tasks.find(({ kind }) => taskKinds[kind].isDryRun)}>
        {(task) => (
          <section aria-label="What a backup would take" class="card p-4">
            <DryRunCounts summary={task().summary} />
          </section>
        )}
      </Show>
      <Freed tasks={job().tasks} />
      <Show when={job().archive}>{(archive) => <Result archive={archive()} />}</Show>
      <Timeline job={job()} openTask={openTask()} toggle={toggle} />
      <Show when={job().backup}>{(settings) => <AskedFor job={job()} settings={settings()} />}</Show>
    </Page>
  )
}

const Found = (props: { id: string }) => {
  const pause = !isId(props.id)
  const variables = { id: props.id }
  const [result, retry] = createFollowedQuery({ query: JobDocument, changes: JobChangedDocument, variables, pause })
  const job = () => (result.data?.node?.__typename === 'Job' ? result.data.node : undefined)
  return (
    <NodePage
      title="Job"
      found={job()}
      isMissing={pause || Boolean(result.data)}
      missing="There is no such job, or it was removed since."
      error={result.error}
      retry={retry}
    >
      {(found) => <Details job={found} />}
    </NodePage>
  )
}

export default function JobPage() {
  const params = useParams<{ id: string }>()
  return (
    <Show when={readId(params.id)} keyed>
      {(id) => <Found id={id} />}
    </Show>
  )
}
