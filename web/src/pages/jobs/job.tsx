import { A, useParams, useSearchParams } from '@solidjs/router'
import { createSubscription } from '@urql/solid'
import { For, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { CancelJobDocument, JobChangedDocument, type JobDetailsFragment, JobDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Loaded } from '../../parts/loading.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { Notice, RunStateBadge } from '../../parts/state-badge.tsx'
import { Duration, Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { sayBytes, sayRatio } from '../../text/sizes.ts'
import { isActive, runStates } from '../../text/words.ts'
import NotFound from '../not-found.tsx'
import { Automation } from '../repositories/automation.tsx'
import { sayCompression } from '../repositories/compression.ts'
import { isCancelling, runningTask, sayJob } from './job-words.ts'
import { Progress } from './progress.tsx'
import { Task } from './task.tsx'

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

const Settings = (props: { job: Job; backup: NonNullable<Job['backup']> }) => (
  <Section title="What was asked for">
    <div class="card grid gap-3 p-4">
      <Facts
        facts={[
          { name: 'Compression', value: sayCompression(props.backup.compression) },
          { name: 'Comment', value: props.backup.comment || '–' },
        ]}
      />
      <div>
        <p class="text-[13px] text-muted">Folders</p>
        <ul class="font-mono text-[13px]">
          <For each={props.backup.sources}>{(source) => <li>{source}</li>}</For>
        </ul>
      </div>
      <Show when={props.job.repository}>
        {(repository) => (
          <Automation
            input={{
              repositoryId: repository().id,
              sources: [...props.backup.sources],
              compression: {
                algorithm: props.backup.compression.algorithm,
                level: props.backup.compression.level,
                isAuto: props.backup.compression.isAuto,
              },
              comment: props.backup.comment,
            }}
          />
        )}
      </Show>
    </div>
  </Section>
)

const Details = (props: { job: Job }) => {
  const [search, setSearch] = useSearchParams<{ task?: string }>()
  const cancel = createAction(CancelJobDocument)
  const job = () => props.job
  const openTask = () => search.task ?? (job().tasks.find(({ state }) => state === 'FAILED') ?? job().tasks[0])?.id
  const toggle = (id: string) => setSearch({ task: openTask() === id ? 'none' : id }, { replace: true, scroll: false })

  return (
    <Page
      title={sayJob(job())}
      above={
        <p>
          <Show
            when={job().repository}
            fallback={<span class="text-muted">{job().repositoryName} (removed since)</span>}
          >
            {(repository) => (
              <A href={paths.repository(repository().id)} class="text-accent hover:underline">
                {job().repositoryName}
              </A>
            )}
          </Show>
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
            look="danger"
            disabled={cancel.isPending() || isCancelling(job())}
            onClick={() => cancel.run({ input: { id: job().id } })}
          >
            Cancel
          </Button>
        </Show>
      }
    >
      <ProblemNotice problem={cancel.problem()} />
      <p class="flex flex-wrap gap-x-4 gap-y-1 text-muted">
        <span>
          Requested <Time at={job().createdAt} />
          <Show when={job().requestedBy}>{(user) => ` by ${user().username}`}</Show>
        </span>
        <Show when={job().startedAt}>
          {(from) => (
            <span>
              {job().finishedAt ? 'Took' : 'Running for'} <Duration from={from()} to={job().finishedAt} />
            </span>
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
      <Show when={isActive(job().state) && job().waitingFor}>
        <Notice tone="idle">Waits for {job().waitingFor}</Notice>
      </Show>
      <Show when={job().problem}>
        {(problem) => (
          <Notice tone={isActive(job().state) ? 'warning' : runStates[job().state].tone}>{problem()}</Notice>
        )}
      </Show>
      <Show when={runningTask(job())}>
        {(task) => <Progress progress={task().progress} label={`Progress of ${sayJob(job())}`} />}
      </Show>
      <Show when={job().archive}>{(archive) => <Result archive={archive()} />}</Show>
      <Section title="Steps">
        <ol class="grid grid-cols-[minmax(0,1fr)] gap-2">
          <For each={job().tasks}>
            {(task) => (
              <Task
                task={task}
                isOpen={openTask() === task.id}
                toggle={() => toggle(task.id)}
                jobProblem={job().problem}
                fileName={`${job().repositoryName}-${task.kind.toLowerCase()}-${job().createdAt.slice(0, 19).replaceAll(':', '-')}.txt`}
              />
            )}
          </For>
        </ol>
      </Section>
      <Show when={job().backup}>{(backup) => <Settings job={job()} backup={backup()} />}</Show>
    </Page>
  )
}

export default function JobPage() {
  const params = useParams<{ id: string }>()
  const id = () => decodeURIComponent(params.id)
  const [result, retry] = createLiveQuery({ query: JobDocument, variables: () => ({ id: id() }) })
  // It brings nothing here by itself: what it brings changes the cache, and with it the query above.
  createSubscription({ query: JobChangedDocument, variables: () => ({ id: id() }) })
  const job = () => (result.data?.node?.__typename === 'Job' ? result.data.node : undefined)
  return (
    <Show when={!result.data || job()} fallback={<NotFound what="There is no such job, or it was removed since." />}>
      <Loaded data={job()} error={result.error} retry={retry}>
        {(found) => <Details job={found} />}
      </Loaded>
    </Show>
  )
}
