import { A, useSearchParams } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { RepositoriesDocument, type RepositoryRowFragment } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { canAct } from '../../api/rights.ts'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { FilterBar } from '../../parts/filters.tsx'
import { Empty, Loaded } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { Pager, pageOf, useCursors } from '../../parts/pager.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { LastResult, RepositoryStateBadge, RunStateBadge } from '../../parts/state-badge.tsx'
import { Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { sayNoArchive } from '../../text/archives.ts'
import { sayCount } from '../../text/counts.ts'
import { sayBytes } from '../../text/sizes.ts'
import { isActive } from '../../text/words.ts'

const Row = (props: { repository: RepositoryRowFragment }) => (
  <li class="relative grid gap-1 px-4 py-3 hover:bg-sunken">
    <div class="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <A
        href={paths.repository(props.repository.id)}
        class="min-w-0 font-medium after:absolute after:inset-0 hover:underline"
      >
        {props.repository.name}
      </A>
      <RepositoryStateBadge state={props.repository.state} />
      <Show when={props.repository.latestBackup}>
        {(backup) => (
          <Show
            when={isActive(backup().state)}
            fallback={
              <LastResult what="Last backup" state={backup().state} at={backup().finishedAt ?? backup().createdAt} />
            }
          >
            <span class="inline-flex items-center gap-1.5 text-muted">
              Backup <RunStateBadge state={backup().state} />
            </span>
          </Show>
        )}
      </Show>
      <span class="ml-auto flex gap-4 text-muted tabular-nums">
        <Show when={props.repository.deduplicatedSize !== null}>
          <span title="Space that it takes">{sayBytes(props.repository.deduplicatedSize ?? 0)}</span>
        </Show>
        <Show
          when={props.repository.latestArchive}
          fallback={`Archives: ${sayNoArchive(props.repository).toLowerCase()}`}
        >
          {(archive) => (
            <span class="relative" title="When its newest whole archive began">
              Archive <Time at={archive().startedAt} />
            </span>
          )}
        </Show>
      </span>
    </div>
    <p class="font-mono text-[13px] text-muted">{props.repository.location}</p>
    <Show when={props.repository.problem}>
      <p class="text-failed">{props.repository.problem}</p>
    </Show>
  </li>
)

const Ways = () => (
  <>
    <ButtonLink acts href={paths.importRepository}>
      Import repository
    </ButtonLink>
    <ButtonLink acts href={paths.createRepository} look="primary">
      Create repository
    </ButtonLink>
  </>
)

export default function Repositories() {
  const [search, setSearch] = useSearchParams<{ search?: string }>()
  const [cursors, go] = useCursors()
  const [result, retry] = createLiveQuery({
    query: RepositoriesDocument,
    variables: () => ({ search: search.search, ...pageOf(cursors()) }),
  })
  const isEmpty = () => result.data?.repositories.totalCount === 0 && !search.search

  return (
    <Page
      title="Repositories"
      actions={
        <Show when={result.data && !isEmpty()}>
          <Ways />
        </Show>
      }
    >
      <Show when={result.data && !isEmpty()}>
        <FilterBar>
          <SearchField label="Search repositories" placeholder="Search by name or path" />
        </FilterBar>
      </Show>
      <Loaded
        data={result.data?.repositories}
        error={result.error}
        retry={retry}
        isEmpty={(list) => list.edges.length === 0}
        empty={
          <Show
            when={isEmpty()}
            fallback={
              <Empty title="No repository matches.">
                <Button onClick={() => setSearch({ search: undefined, after: undefined, before: undefined })}>
                  Show all repositories
                </Button>
              </Empty>
            }
          >
            <Empty title="No repository yet.">
              <p class="max-w-md text-muted">
                A repository is the place that backups go to.{' '}
                {canAct() ? 'Create a new one, or import one that borg made before.' : ''}
              </p>
              <div class="flex flex-wrap justify-center gap-2">
                <Ways />
              </div>
            </Empty>
          </Show>
        }
      >
        {(list) => (
          <>
            <p class="text-muted">{sayCount(list.totalCount, 'repository', 'repositories')}</p>
            <ul class="card divide-y divide-line">
              <For each={list.edges}>{(edge) => <Row repository={edge.node} />}</For>
            </ul>
            <Pager info={list.pageInfo} go={go} newer="Previous" older="Next" />
          </>
        )}
      </Loaded>
    </Page>
  )
}
