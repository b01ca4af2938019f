import { A } from '@solidjs/router'
import { createMemo, createSignal, For, Show } from 'solid-js'
import { CalendarDayDocument, type CalendarDayQuery } from '../../api/gql/graphql.ts'
import { areSettled, createLiveQuery } from '../../api/live-query.ts'
import { Button } from '../../parts/button.tsx'
import { paths } from '../../paths.ts'
import { sayCount } from '../../text/counts.ts'
import { sayExact } from '../../text/times.ts'
import { type Day, type Entry, gather, sayRuns } from './calendar.ts'
import { sayClock, sayDate } from './moments.ts'
import { saySubject } from './subject.tsx'
import { createSubjects, type Subject } from './subjects.ts'

/** The most that the API tells at once. */
const mostRuns = 5000

/** Entries of a day that are shown unasked. */
const usualEntries = 12

type CalendarSchedule = CalendarDayQuery['calendar']['runs'][number]['schedule']

/** Reads the runs of a day that are to come, and what they are of. `minute` is now, in minutes since the epoch. */
export const createCalendarDay = (day: Day, minute: () => number) => {
  const [result, retry] = createLiveQuery({
    query: CalendarDayDocument,
    variables: { from: day.from, to: day.to, first: mostRuns },
  })
  const runs = createMemo(() =>
    (result.data?.calendar.runs ?? []).filter(({ at }) => Date.parse(at) >= minute() * 60_000),
  )
  const [isWhole, setWhole] = createSignal(false)
  const entries = createMemo(() => gather(runs()))
  const shown = createMemo(() => (isWhole() ? entries() : entries().slice(0, usualEntries)))
  const { subjects, areRead } = createSubjects(() => shown().map(({ schedule }) => schedule.id))
  return {
    day,
    runs,
    entries,
    shown,
    subjects,
    isWhole,
    setWhole,
    retry,
    isRead: () => Boolean(result.data),
    /** Whether all there is to show has come, or cannot. */
    isSettled: () => areSettled(result) && areRead(),
    error: () => (result.data ? undefined : result.error),
    isTruncated: () => result.data?.calendar.isTruncated ?? false,
  }
}

const CalendarEntry = (props: { entry: Entry<CalendarSchedule>; subject: Subject | undefined }) => {
  const schedule = () => props.entry.schedule
  const first = () => props.entry.runs[0]?.at ?? ''
  const last = () => props.entry.runs.at(-1)?.at ?? ''
  const isOne = () => props.entry.runs.length === 1
  return (
    <li class="relative grid gap-0.5 rounded-md border border-line bg-surface px-2.5 py-2 hover:bg-sunken">
      <p class="font-medium tabular-nums">
        <time datetime={first()} title={sayExact(first())} class="relative">
          {sayClock(first())}
        </time>
        <Show when={!isOne()}>
          {' to '}
          <time datetime={last()} title={sayExact(last())} class="relative">
            {sayClock(last())}
          </time>
        </Show>
      </p>
      <A
        href={paths.schedule(schedule().id)}
        title={schedule().name}
        class="line-clamp-3 after:absolute after:inset-0 hover:underline"
      >
        {schedule().name}
      </A>
      <Show when={!isOne()}>
        <p class="text-[13px]">{sayRuns(props.entry.runs)}</p>
      </Show>
      <Show when={props.subject}>
        {(subject) => (
          <p class="line-clamp-2 text-[13px] text-muted" title={saySubject(subject())}>
            {saySubject(subject())}
          </p>
        )}
      </Show>
    </li>
  )
}

/** One day of the calendar. Why it could not be read is told by the page, once for all days. */
export const CalendarDay = (props: { of: ReturnType<typeof createCalendarDay>; isToday: boolean }) => {
  const date = () => props.of.day.date
  return (
    <section class="grid min-w-0 content-start gap-2" aria-labelledby={`day-${date()}`}>
      <h2 id={`day-${date()}`} class="flex flex-wrap items-baseline gap-x-2 border-b border-line pb-1.5 lg:flex-col">
        <span class={props.isToday ? 'text-accent' : ''}>
          {props.isToday ? 'Today' : sayDate(date(), { weekday: 'long' })}
        </span>
        <span class="text-[13px] font-normal text-muted">{sayDate(date(), { day: 'numeric', month: 'short' })}</span>
      </h2>
      <Show when={props.of.isRead()} fallback={<p class="text-muted">Not read</p>}>
        <Show
          when={props.of.shown().length > 0}
          fallback={<p class="text-muted">{props.isToday ? 'No run to come' : 'No run'}</p>}
        >
          <ol class="grid gap-2">
            <For each={props.of.shown()}>
              {(entry) => <CalendarEntry entry={entry} subject={props.of.subjects().get(entry.schedule.id)} />}
            </For>
          </ol>
        </Show>
        <Show when={props.of.entries().length > usualEntries}>
          <Button
            class="justify-self-start"
            aria-expanded={props.of.isWhole()}
            onClick={() => props.of.setWhole((whole) => !whole)}
          >
            {props.of.isWhole()
              ? 'Show fewer'
              : `Show ${sayCount(props.of.entries().length - usualEntries, 'more', 'more')}`}
          </Button>
        </Show>
        <Show when={props.of.isTruncated() && props.of.runs().at(-1)}>
          {(last) => (
            <p class="text-[13px] text-warning">
              There are more: only the first {sayCount(mostRuns, 'run')} are read, up to {sayClock(last().at)}.
            </p>
          )}
        </Show>
      </Show>
    </section>
  )
}
