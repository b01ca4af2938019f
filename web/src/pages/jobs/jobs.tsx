import { useSearchParams } from '@solidjs/router'
import { createQuery } from '@urql/solid'
import { For, Show } from 'solid-js'
import { type JobKind, RepositoryNamesDocument, type RunState } from '../../api/gql/graphql.ts'
import { Button } from '../../parts/button.tsx'
import { Select } from '../../parts/field.tsx'
import { Empty } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { activeStates, jobKinds, runStates } from '../../text/words.ts'
import { JobList } from './job-list.tsx'

interface Filters extends Record<string, string | undefined> {
  state?: string
  kind?: string
  repository?: string
}

const statesOf = (word: string | undefined): RunState[] | undefined => {
  if (word === 'active') return [...activeStates]
  return word && word in runStates ? [word as RunState] : undefined
}

export default function Jobs() {
  const [search, setSearch] = useSearchParams<{ state?: string; kind?: string; repository?: string }>()
  const [names] = createQuery({ query: RepositoryNamesDocument })
  // A filter starts at the first page: the cursors belong to the list before.
  const choose = (filters: Filters) => setSearch({ ...filters, after: undefined, before: undefined })
  const filter = () => ({
    states: statesOf(search.state),
    kinds: search.kind && search.kind in jobKinds ? [search.kind as JobKind] : undefined,
    repositoryId: search.repository,
  })
  const isFiltered = () => Boolean(search.state || search.kind || search.repository)
  const showAll = () => choose({ state: undefined, kind: undefined, repository: undefined })

  return (
    <Page title="Jobs">
      <div class="grid gap-3 sm:grid-cols-3">
        <Select
          label="State"
          value={search.state ?? ''}
          onChange={(event) => choose({ state: event.currentTarget.value || undefined })}
        >
          <option value="">Any</option>
          <option value="active">Not finished</option>
          <For each={Object.entries(runStates)}>{([state, { word }]) => <option value={state}>{word}</option>}</For>
        </Select>
        <Select
          label="Kind"
          value={search.kind ?? ''}
          onChange={(event) => choose({ kind: event.currentTarget.value || undefined })}
        >
          <option value="">Any</option>
          <For each={Object.entries(jobKinds)}>{([kind, word]) => <option value={kind}>{word}</option>}</For>
        </Select>
        <Select
          label="Repository"
          value={search.repository ?? ''}
          onChange={(event) => choose({ repository: event.currentTarget.value || undefined })}
        >
          <option value="">Any</option>
          <For each={names.data?.repositories.edges}>
            {({ node }) => (
              <option value={node.id} selected={node.id === search.repository}>
                {node.name}
              </option>
            )}
          </For>
        </Select>
      </div>
      <JobList
        filter={filter()}
        empty={
          <Show
            when={isFiltered()}
            fallback={
              <Empty title="Nothing has run yet.">
                <p class="text-muted">Jobs appear here when you create a repository or start a backup.</p>
              </Empty>
            }
          >
            <Empty title="No job matches.">
              <Button onClick={showAll}>Show all jobs</Button>
            </Empty>
          </Show>
        }
      />
    </Page>
  )
}
