import ListFilter from 'lucide-solid/icons/list-filter'
import X from 'lucide-solid/icons/x'
import { createSignal, createUniqueId, For, onCleanup, Show } from 'solid-js'
import { JobFilterChoicesDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { isId } from '../../ids.ts'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/field.tsx'
import { Choice } from '../../parts/filters.tsx'
import { jobKinds } from '../../text/kinds.ts'
import { noWishes, sayWishes, startOfDay, stateChoices, type Wishes } from './job-filter.ts'

interface Named {
  readonly id: string
  readonly name: string
}

/** Milliseconds without a change before a day counts: it is typed figure by figure. */
const pause = 400

const Day = (props: {
  label: string
  value: string | undefined
  problem?: string
  onChoose: (value: string | undefined) => void
}) => {
  let timer: ReturnType<typeof setTimeout>
  onCleanup(() => clearTimeout(timer))
  const type = (value: string) => {
    clearTimeout(timer)
    if (value !== '' && !startOfDay(value)) return
    timer = setTimeout(() => props.onChoose(value || undefined), pause)
  }
  return (
    <TextField
      label={props.label}
      type="date"
      min="1970-01-01"
      value={props.value ?? ''}
      problem={props.problem}
      onInput={(event) => type(event.currentTarget.value)}
    />
  )
}

/** What the list of jobs is filtered by: where it is chosen, and what is chosen, in words. */
export const Filters = (props: { wishes: Wishes; choose: (wishes: Wishes) => void }) => {
  const id = createUniqueId()
  const [isOpen, setOpen] = createSignal(false)
  const ids = () =>
    [props.wishes.repository, props.wishes.plan, props.wishes.schedule]
      .filter((chosen) => chosen !== undefined)
      .filter(isId)
  const [result] = createLiveQuery({ query: JobFilterChoicesDocument, variables: () => ({ chosen: ids() }) })

  // Links may name what is not among the first by name.
  const chosen = () => (result.data?.chosen ?? []).flatMap((node) => (node && 'name' in node ? [node] : []))
  const choicesOf = (type: string, list: { edges: readonly { node: Named }[] } | undefined) => {
    const listed = list?.edges.map(({ node }) => node) ?? []
    const more = chosen().filter((node) => node.__typename === type && !listed.some((other) => other.id === node.id))
    return [...more, ...listed].map((node) => ({ value: node.id, word: node.name }))
  }
  const nameOf = (wanted: string) => {
    if (!result.data) return result.error ? 'unknown' : '…'
    return chosen().find((node) => node.id === wanted)?.name ?? 'removed since'
  }
  const said = () => sayWishes(props.wishes, nameOf)
  const isTurned = () => {
    const from = startOfDay(props.wishes.from)
    const to = startOfDay(props.wishes.to)
    return from !== undefined && to !== undefined && from > to
  }

  return (
    <section aria-label="Filters" class="grid grid-cols-[minmax(0,1fr)] gap-3">
      <Button class="w-fit sm:hidden" aria-expanded={isOpen()} aria-controls={id} onClick={() => setOpen(!isOpen())}>
        <ListFilter size={16} aria-hidden="true" />
        {said().length === 0 ? 'Filter' : `Filter (${said().length})`}
      </Button>
      <div
        id={id}
        class="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-4 xl:grid-cols-[repeat(5,minmax(0,1fr))_11.5rem_11.5rem]"
        classList={{ 'max-sm:hidden': !isOpen() }}
      >
        <Choice
          label="State"
          value={props.wishes.state}
          choices={Object.entries(stateChoices).map(([value, { word }]) => ({ value, word }))}
          onChoose={(state) => props.choose({ state })}
        />
        <Choice
          label="Kind"
          value={props.wishes.kind}
          choices={Object.entries(jobKinds).map(([value, { word }]) => ({ value, word }))}
          onChoose={(kind) => props.choose({ kind })}
        />
        <Choice
          label="Repository"
          value={props.wishes.repository}
          choices={choicesOf('Repository', result.data?.repositories)}
          onChoose={(repository) => props.choose({ repository })}
        />
        <Choice
          label="Plan"
          value={props.wishes.plan}
          choices={choicesOf('BackupPlan', result.data?.plans)}
          onChoose={(plan) => props.choose({ plan })}
        />
        <Choice
          label="Schedule"
          value={props.wishes.schedule}
          choices={choicesOf('Schedule', result.data?.schedules)}
          onChoose={(schedule) => props.choose({ schedule })}
        />
        <Day label="From" value={props.wishes.from} onChoose={(from) => props.choose({ from })} />
        <Day
          label="To"
          value={props.wishes.to}
          problem={isTurned() ? 'is before “From”' : undefined}
          onChoose={(to) => props.choose({ to })}
        />
      </div>
      <Show when={said().length > 0}>
        <div class="flex flex-wrap items-center gap-2">
          <ul aria-label="Shown are only" class="contents">
            <For each={said()}>
              {({ name, word, value }) => (
                <li class="flex max-w-full items-center rounded-full bg-accent-soft pl-3">
                  <span class="min-w-0 truncate">
                    {word}: <span class="font-medium">{value}</span>
                  </span>
                  <button
                    type="button"
                    class="rounded-full p-1.5 text-muted hover:text-ink"
                    aria-label={`Remove the filter ${word}: ${value}`}
                    onClick={() => props.choose({ [name]: undefined })}
                  >
                    <X size={14} aria-hidden="true" />
                  </button>
                </li>
              )}
            </For>
          </ul>
          <Button look="quiet" onClick={() => props.choose(noWishes)}>
            Clear all
          </Button>
        </div>
      </Show>
    </section>
  )
}
