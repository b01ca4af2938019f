import { A } from '@solidjs/router'
import type { CombinedError } from '@urql/core'
import { For, Show } from 'solid-js'
import type { NextRunsQuery } from '../../api/gql/graphql.ts'
import { now } from '../../parts/clock.ts'
import { Loaded } from '../../parts/loading.tsx'
import { Section } from '../../parts/page.tsx'
import { Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { SubjectLinks } from '../schedules/subject.tsx'
import { runsOf } from './rhythm.ts'

const shownRuns = 5

/** The schedules that run next, each with its next run. */
export const NextRuns = (props: {
  data: NextRunsQuery | undefined
  error: CombinedError | undefined
  retry: () => void
}) => {
  const next = () => runsOf(props.data).slice(0, shownRuns)
  return (
    <Section
      title="Runs next"
      beside={
        <A href={paths.schedulesCalendar} class="text-accent hover:underline">
          Next seven days
        </A>
      }
    >
      <Loaded
        data={props.data}
        error={props.error}
        retry={props.retry}
        rows={2}
        isEmpty={() => next().length === 0}
        empty={
          <p class="text-muted">
            Nothing is scheduled.{' '}
            <A href={paths.schedules} class="text-accent underline underline-offset-2">
              Schedules
            </A>{' '}
            run backups by the clock.
          </p>
        }
      >
        {() => (
          <ul class="card divide-y divide-line" aria-label="Runs next">
            <For each={next()}>
              {(schedule) => (
                <li class="relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 px-4 py-3 hover:bg-sunken">
                  <div class="flex min-w-0 flex-wrap gap-x-3 gap-y-0.5">
                    <A
                      href={paths.schedule(schedule.id)}
                      class="min-w-0 font-medium after:absolute after:inset-0 hover:underline"
                    >
                      {schedule.name}
                    </A>
                    <span class="text-muted">
                      <SubjectLinks schedule={schedule} />
                    </span>
                  </div>
                  <span class="relative text-muted">
                    <Show when={Date.parse(schedule.at) > now()} fallback="due now">
                      <Time at={schedule.at} />
                    </Show>
                  </span>
                </li>
              )}
            </For>
          </ul>
        )}
      </Loaded>
    </Section>
  )
}
