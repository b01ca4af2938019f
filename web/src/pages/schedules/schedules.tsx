import { useSearchParams } from '@solidjs/router'
import { createMemo, For, Show } from 'solid-js'
import { SchedulesDocument, ScheduleTargetsDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { canAct } from '../../api/rights.ts'
import { isId } from '../../ids.ts'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { Select } from '../../parts/field.tsx'
import { Choice, FilterBar } from '../../parts/filters.tsx'
import { Empty, Loaded } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { Pager, pageOf, useCursors } from '../../parts/pager.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { paths } from '../../paths.ts'
import { sayCount } from '../../text/counts.ts'
import { ScheduleRow } from './schedule-row.tsx'
import { SchedulesNav } from './schedules-nav.tsx'
import { type Target, targetsOf } from './subject-choices.ts'

interface Filters extends Record<string, string | undefined> {
  search?: string
  order?: string
  plan?: string
  repository?: string
}

/** What to do where there is no schedule: first things first. */
const Beginning = (props: { hasPlan: boolean; hasRepository: boolean }) => (
  <Empty title="No schedule yet.">
    <p class="max-w-md text-muted">
      A schedule runs a backup plan by the clock.{' '}
      {!canAct()
        ? ''
        : props.hasPlan
          ? 'Choose a plan, and say when it runs.'
          : props.hasRepository
            ? 'First make a plan: it says what is backed up, and into which repository.'
            : 'First create a repository: the place that backups go to.'}
    </p>
    <div class="flex flex-wrap justify-center gap-2">
      <Show
        when={props.hasRepository}
        fallback={
          <ButtonLink acts href={paths.createRepository} look="primary">
            Create repository
          </ButtonLink>
        }
      >
        <Show when={!props.hasPlan}>
          <ButtonLink acts href={paths.createPlan()} look="primary">
            Create plan
          </ButtonLink>
        </Show>
        <ButtonLink acts href={paths.createSchedule()} look={props.hasPlan ? 'primary' : 'plain'}>
          Create schedule
        </ButtonLink>
      </Show>
    </div>
  </Empty>
)

const choicesOf = (targets: readonly Target[] = []) => targets.map(({ id, name }) => ({ value: id, word: name }))

export default function Schedules() {
  const [search, setSearch] = useSearchParams<{ search?: string; plan?: string; repository?: string; order?: string }>()
  const [cursors, go] = useCursors()
  const isByRun = () => search.order === 'next-run'
  const idOf = (text: string | undefined) => [text ?? ''].find(isId)
  const [names] = createLiveQuery({
    query: ScheduleTargetsDocument,
    variables: () => ({ chosen: [idOf(search.plan), idOf(search.repository)].filter((id) => id !== undefined) }),
  })
  const targets = createMemo(() => names.data && targetsOf(names.data))
  const [result, retry] = createLiveQuery({
    query: SchedulesDocument,
    variables: () => ({
      search: search.search,
      planId: idOf(search.plan),
      repositoryId: idOf(search.repository),
      order: isByRun() ? ('NEXT_RUN' as const) : ('NAME' as const),
      ...pageOf(cursors()),
    }),
  })
  const isFiltered = () => Boolean(search.search || idOf(search.plan) || idOf(search.repository))
  const isEmpty = () => result.data?.schedules.totalCount === 0 && !isFiltered()
  // A filter starts at the first page: the cursors belong to the list before.
  const choose = (filters: Filters) => setSearch({ ...filters, after: undefined, before: undefined }, { replace: true })

  return (
    <Page
      title="Schedules"
      actions={
        <Show when={result.data && !isEmpty()}>
          <ButtonLink acts href={paths.createSchedule()} look="primary">
            Create schedule
          </ButtonLink>
        </Show>
      }
    >
      <SchedulesNav />
      <Show when={result.data && !isEmpty()}>
        <FilterBar>
          <SearchField label="Search schedules" placeholder="Search by name" />
          <Choice
            label="Plan"
            value={search.plan}
            choices={choicesOf(targets()?.plans)}
            onChoose={(plan) => choose({ plan })}
          />
          <Choice
            label="Repository"
            value={search.repository}
            choices={choicesOf(targets()?.repositories)}
            onChoose={(repository) => choose({ repository })}
          />
          <Select label="Order" onChange={(event) => choose({ order: event.currentTarget.value || undefined })}>
            <option value="" selected={!isByRun()}>
              By name
            </option>
            <option value="next-run" selected={isByRun()}>
              What runs next
            </option>
          </Select>
        </FilterBar>
      </Show>
      <Loaded
        data={result.data?.schedules}
        error={result.error}
        retry={retry}
        rows={8}
        isEmpty={(list) => list.edges.length === 0}
        empty={
          <Show
            when={isEmpty()}
            fallback={
              <Empty title="No schedule matches.">
                <Button onClick={() => choose({ search: undefined, plan: undefined, repository: undefined })}>
                  Show all schedules
                </Button>
              </Empty>
            }
          >
            <Show when={targets()}>
              {(found) => (
                <Beginning hasPlan={found().plans.length > 0} hasRepository={found().repositories.length > 0} />
              )}
            </Show>
          </Show>
        }
      >
        {(list) => (
          <>
            <p class="text-muted">{sayCount(list.totalCount, 'schedule')}</p>
            <ul class="card divide-y divide-line">
              <For each={list.edges}>{(edge) => <ScheduleRow schedule={edge.node} />}</For>
            </ul>
            <Pager info={list.pageInfo} go={go} newer="Previous" older="Next" />
          </>
        )}
      </Loaded>
    </Page>
  )
}
