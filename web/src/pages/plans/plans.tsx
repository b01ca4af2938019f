import { useSearchParams } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { createQuery } from '../../api/documents.ts'
import { PlansDocument, RepositoryNamesDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { isId } from '../../ids.ts'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { Choice, FilterBar } from '../../parts/filters.tsx'
import { Empty, Loaded } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { Pager, pageOf, useCursors } from '../../parts/pager.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { paths } from '../../paths.ts'
import { sayCount } from '../../text/counts.ts'
import { PlanRow } from './plan-row.tsx'

export default function Plans() {
  const [search, setSearch] = useSearchParams<{ search?: string; repository?: string }>()
  const [cursors, go] = useCursors()
  const repositoryId = () => [search.repository ?? ''].find(isId)
  const [names] = createQuery({ query: RepositoryNamesDocument })
  const [result, retry] = createLiveQuery({
    query: PlansDocument,
    variables: () => ({ search: search.search, repositoryId: repositoryId(), ...pageOf(cursors()) }),
  })
  const isFiltered = () => Boolean(search.search || repositoryId())
  const isEmpty = () => result.data?.plans.totalCount === 0 && !isFiltered()
  const hasRepository = () => !names.data || names.data.repositories.edges.length > 0
  // A filter starts at the first page: the cursors belong to the list before.
  const choose = (filters: { search?: string; repository?: string }) =>
    setSearch({ ...filters, after: undefined, before: undefined })

  return (
    <Page
      title="Plans"
      actions={
        <Show when={result.data && !isEmpty()}>
          <ButtonLink acts href={paths.createPlan(repositoryId())} look="primary">
            Create plan
          </ButtonLink>
        </Show>
      }
    >
      <Show when={result.data && !isEmpty()}>
        <FilterBar>
          <SearchField label="Search plans" placeholder="Search by name" />
          <Choice
            label="Repository"
            value={search.repository}
            choices={(names.data?.repositories.edges ?? []).map(({ node }) => ({ value: node.id, word: node.name }))}
            onChoose={(repository) => choose({ repository })}
          />
        </FilterBar>
      </Show>
      <Loaded
        data={result.data?.plans}
        error={result.error}
        retry={retry}
        rows={6}
        isEmpty={(list) => list.edges.length === 0}
        empty={
          <Show
            when={isEmpty()}
            fallback={
              <Empty title="No plan matches.">
                <Button onClick={() => choose({ search: undefined, repository: undefined })}>Show all plans</Button>
              </Empty>
            }
          >
            <Empty title="No plan yet.">
              <p class="max-w-md text-muted">
                A plan says which folders are backed up, how, and into which repository. A schedule then runs it by
                itself.
              </p>
              <Show
                when={hasRepository()}
                fallback={
                  <>
                    <p class="text-muted">It needs a repository to put them into.</p>
                    <ButtonLink acts href={paths.createRepository} look="primary">
                      Create repository
                    </ButtonLink>
                  </>
                }
              >
                <ButtonLink acts href={paths.createPlan()} look="primary">
                  Create plan
                </ButtonLink>
              </Show>
            </Empty>
          </Show>
        }
      >
        {(list) => (
          <>
            <p class="text-muted">{sayCount(list.totalCount, 'plan')}</p>
            <ul class="card divide-y divide-line">
              <For each={list.edges}>{(edge) => <PlanRow plan={edge.node} />}</For>
            </ul>
            <Pager info={list.pageInfo} go={go} newer="Previous" older="Next" />
          </>
        )}
      </Loaded>
    </Page>
  )
}
