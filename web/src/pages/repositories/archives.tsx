import { A, useNavigate } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import {
  type ArchiveRowFragment,
  RepositoryArchivesDocument,
  type RepositoryRowFragment,
  StartRefreshDocument,
} from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { canAct } from '../../api/rights.ts'
import { Button } from '../../parts/button.tsx'
import { Empty, Loaded } from '../../parts/loading.tsx'
import { Pager, pageOf, useCursors } from '../../parts/pager.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { ToneIcon } from '../../parts/state-badge.tsx'
import { Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { sayCount } from '../../text/counts.ts'
import { sayBytes } from '../../text/sizes.ts'
import { Vanished } from './vanished.tsx'

const bytesOf = (bytes: number | null) => (bytes === null ? '–' : sayBytes(bytes))

const Row = (props: { archive: ArchiveRowFragment }) => (
  <li class="grid gap-x-4 gap-y-1 px-4 py-3 sm:grid-cols-[minmax(0,1fr)_auto]">
    <div class="min-w-0">
      <p class="font-mono">{props.archive.name}</p>
      <Show when={props.archive.comment}>
        <p class="text-muted">{props.archive.comment}</p>
      </Show>
      <Show when={props.archive.incompleteReason}>
        {(reason) => (
          <p class="flex items-start gap-1.5 text-warning">
            <span class="mt-0.5">
              <ToneIcon tone="warning" />
            </span>
            Not whole. {reason()}
          </p>
        )}
      </Show>
      <Show when={props.archive.plan ?? props.archive.planName}>
        <p class="text-muted">
          by{' '}
          <Show when={props.archive.plan} fallback={props.archive.planName}>
            {(plan) => (
              <A href={paths.plan(plan().id)} class="text-accent hover:underline">
                {plan().name}
              </A>
            )}
          </Show>
        </p>
      </Show>
    </div>
    <div class="flex flex-wrap items-baseline gap-x-4 text-muted tabular-nums sm:justify-end">
      <Show when={props.archive.fileCount !== null}>
        <span>{sayCount(props.archive.fileCount ?? 0, 'file')}</span>
      </Show>
      <Show when={props.archive.originalSize !== null}>
        <span>
          {bytesOf(props.archive.originalSize)}
          <span class="text-[13px]"> ({bytesOf(props.archive.deduplicatedSize)} new)</span>
        </span>
      </Show>
      <Show when={props.archive.job}>
        {(job) => (
          <A href={paths.job(job().id)} class="text-accent hover:underline">
            Job
          </A>
        )}
      </Show>
      <Time at={props.archive.startedAt} />
    </div>
  </li>
)

/** The archives of a repository, newest first. */
export const Archives = (props: { repository: RepositoryRowFragment }) => {
  const navigate = useNavigate()
  const [cursors, go] = useCursors()
  const [result, retry] = createLiveQuery({
    query: RepositoryArchivesDocument,
    variables: () => ({ id: props.repository.id, ...pageOf(cursors()) }),
  })
  const refresh = createAction(StartRefreshDocument)
  const archives = () => (result.data?.node?.__typename === 'Repository' ? result.data.node.archives : undefined)
  const start = async () => {
    const job = await refresh.run({ input: { repositoryId: props.repository.id } })
    if (job) navigate(paths.job(job.id))
  }
  return (
    <>
      <div class="flex flex-wrap items-center gap-3 text-muted">
        <span>
          {archives() ? sayCount(archives()?.totalCount ?? 0, 'archive') : 'Archives'}
          <Show when={props.repository.refreshedAt}>
            {(at) => (
              <>
                , read <Time at={at()} />
              </>
            )}
          </Show>
        </span>
        <Button
          acts
          class="ml-auto"
          onClick={start}
          disabled={refresh.isPending()}
          title="Reads the list again, for archives that another program made or removed"
        >
          Refresh archives
        </Button>
      </div>
      <ProblemNotice problem={refresh.problem()} />
      <Show when={props.repository.vanishedArchiveCount > 0}>
        <Vanished repositoryId={props.repository.id} />
      </Show>
      <Loaded
        data={archives()}
        error={result.error}
        retry={retry}
        rows={6}
        isEmpty={(list) => list.edges.length === 0}
        empty={
          <Empty title={props.repository.vanishedArchiveCount > 0 ? 'No archive any more.' : 'No archive yet.'}>
            <p class="text-muted">Each backup makes one.{canAct() ? ' Choose “Back up now” to make one.' : ''}</p>
          </Empty>
        }
      >
        {(list) => (
          <>
            <ul class="card divide-y divide-line">
              <For each={list.edges}>{(edge) => <Row archive={edge.node} />}</For>
            </ul>
            <Pager info={list.pageInfo} go={go} />
          </>
        )}
      </Loaded>
    </>
  )
}
