import { A, useSearchParams } from '@solidjs/router'
import ChevronLeft from 'lucide-solid/icons/chevron-left'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import { createMemo, For, mapArray, Show } from 'solid-js'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { now } from '../../parts/clock.ts'
import { Failure, Skeleton } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { paths } from '../../paths.ts'
import { addDays, dateOf, firstDate, weekFrom } from './calendar.ts'
import { CalendarDay, createCalendarDay } from './calendar-day.tsx'
import { sayDate } from './moments.ts'
import { SchedulesNav } from './schedules-nav.tsx'
import { viewerZone } from './zones.ts'

export default function SchedulesCalendar() {
  const [search, setSearch] = useSearchParams<{ from?: string }>()
  const minute = createMemo(() => Math.floor(now() / 60_000))
  const today = createMemo(() => dateOf(new Date(minute() * 60_000)))
  const start = createMemo(() => firstDate(search.from, today()))
  const week = createMemo(() => weekFrom(start()))
  const days = createMemo(mapArray(week, (day) => createCalendarDay(day, minute)))
  const error = () =>
    days()
      .find((day) => day.error())
      ?.error()
  const retry = () => {
    for (const day of days()) if (day.error()) day.retry()
  }
  const isEmpty = () => days().every((day) => day.isRead() && day.runs().length === 0)
  const go = (date: string) => setSearch({ from: date > today() ? date : undefined })
  const range = () => {
    const words = (date: string) => sayDate(date, { day: 'numeric', month: 'long', year: 'numeric' })
    return `${words(start())} to ${words(addDays(start(), 6))}`
  }
  return (
    <Page
      title="Schedules"
      actions={
        <ButtonLink acts href={paths.createSchedule()} look="primary">
          Create schedule
        </ButtonLink>
      }
    >
      <SchedulesNav />
      <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div class="grid min-w-0">
          <p class="font-medium" role="status">
            {range()}
          </p>
          <p class="text-[13px] text-muted">
            Runs that are to come, in your time zone, {viewerZone()}. What is over is among the jobs.
          </p>
        </div>
        <nav aria-label="Weeks" class="ml-auto flex flex-wrap gap-2">
          <Button disabled={start() === today()} onClick={() => go(addDays(start(), -7))}>
            <ChevronLeft size={16} aria-hidden="true" />
            Earlier
          </Button>
          <Show when={start() !== today()}>
            <Button onClick={() => go(today())}>Today</Button>
          </Show>
          <Button onClick={() => go(addDays(start(), 7))}>
            Later
            <ChevronRight size={16} aria-hidden="true" />
          </Button>
        </nav>
      </div>
      <Show when={error()}>{(failure) => <Failure error={failure()} retry={retry} />}</Show>
      <Show when={isEmpty()}>
        <p>
          Nothing is scheduled for these days.{' '}
          <A href={paths.schedules} class="text-accent underline underline-offset-2">
            Look at the schedules
          </A>
          , or create one: it runs a backup plan by the clock.
        </p>
      </Show>
      {/* All days at once: below each other, as on a phone, one that came later would move those after it. */}
      <Show when={days().every((day) => day.isSettled())} fallback={<Skeleton rows={7} />}>
        <div class="grid gap-x-3 gap-y-6 lg:grid-cols-7">
          <For each={days()}>{(day) => <CalendarDay of={day} isToday={day.day.date === today()} />}</For>
        </div>
      </Show>
    </Page>
  )
}
