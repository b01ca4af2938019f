import { A } from '@solidjs/router'
import { createEffect, createMemo, For, on, Show } from 'solid-js'
import { NextRunsDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { now } from '../../parts/clock.ts'
import { Loaded } from '../../parts/loading.tsx'
import { Section } from '../../parts/page.tsx'
import { Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { firstOfEach } from '../schedules/calendar.ts'
import { SubjectLinks } from '../schedules/subject.tsx'
import { createSubjects } from '../schedules/subjects.ts'

const year = 366 * 86_400_000
const shownRuns = 5

/** The schedules that run next, each with its next run. */
export const NextRuns = () => {
  const from = Date.now()
  const [result, retry] = createLiveQuery({
    query: NextRunsDocument,
    variables: { from: new Date(from).toISOString(), to: new Date(from + year).toISOString() },
  })
  const runs = createMemo(() => firstOfEach(result.data?.calendar.runs ?? [], now()).slice(0, shownRuns))
  const subjects = createSubjects(() => runs().map(({ schedule }) => schedule.id))
  const passed = createMemo(() => (result.data?.calendar.runs ?? []).filter(({ at }) => Date.parse(at) <= now()).length)
  createEffect(on(passed, (count) => count > 0 && retry(), { defer: true }))

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
        data={result.data}
        error={result.error}
        retry={retry}
        rows={2}
        isEmpty={() => runs().length === 0}
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
          <ul class="card divide-y divide-line">
            <For each={runs()}>
              {(run) => (
                <li class="relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 px-4 py-3 hover:bg-sunken">
                  <div class="flex min-w-0 flex-wrap gap-x-3 gap-y-0.5">
                    <A
                      href={paths.schedule(run.schedule.id)}
                      class="min-w-0 font-medium after:absolute after:inset-0 hover:underline"
                    >
                      {run.schedule.name}
                    </A>
                    <Show when={subjects().get(run.schedule.id)}>
                      {(subject) => (
                        <span class="text-muted">
                          <SubjectLinks schedule={subject()} />
                        </span>
                      )}
                    </Show>
                  </div>
                  <span class="relative text-muted">
                    <Time at={run.at} />
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
