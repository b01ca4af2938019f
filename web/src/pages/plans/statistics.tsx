import { A } from '@solidjs/router'
import { For, lazy, Show, Suspense } from 'solid-js'
import { PlanStatisticsDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { Disclosure } from '../../parts/disclosure.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Loaded } from '../../parts/loading.tsx'
import { Section } from '../../parts/page.tsx'
import { RunStateBadge } from '../../parts/state-badge.tsx'
import { Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { sayCount } from '../../text/counts.ts'
import { sayBytes } from '../../text/sizes.ts'
import { sayDuration } from '../../text/times.ts'

const DurationChart = lazy(() => import('./duration-chart.tsx'))

const days = 90

const durationOf = (seconds: number | null) => (seconds === null ? '–' : sayDuration(seconds))
const bytesOf = (bytes: number | null) => (bytes === null ? '–' : sayBytes(bytes))

/** How the backups of a plan went lately, and how long they took. */
export const Statistics = (props: { planId: string }) => {
  const [result, retry] = createLiveQuery({
    query: PlanStatisticsDocument,
    variables: () => ({ id: props.planId, days }),
  })
  const statistics = () => (result.data?.node?.__typename === 'BackupPlan' ? result.data.node.statistics : undefined)
  return (
    <Section title={`The last ${days} days`}>
      <Loaded
        data={statistics()}
        error={result.error}
        retry={retry}
        rows={3}
        isEmpty={({ runCount }) => runCount === 0}
        empty={<p class="text-muted">No backup of this plan has ended in this time.</p>}
      >
        {(found) => (
          <div class="card grid grid-cols-[minmax(0,1fr)] gap-4 p-4">
            <Facts
              facts={[
                {
                  name: 'Succeeded',
                  value: found.successRate === null ? '–' : `${Math.floor(found.successRate * 100)}%`,
                  note: `of ${sayCount(found.runCount, 'backup')}`,
                },
                { name: 'With warnings', value: found.warningCount.toLocaleString('en') },
                { name: 'Failed', value: found.failedCount.toLocaleString('en') },
                {
                  name: 'Usually takes',
                  value: durationOf(found.medianDuration),
                  note: found.averageDuration !== null && `${durationOf(found.averageDuration)} on average`,
                },
              ]}
            />
            <Show when={found.runs.length > 1}>
              <Suspense fallback={<div class="h-[180px]" />}>
                <DurationChart
                  runs={found.runs}
                  label={`How long ${sayCount(found.runs.length, 'backup')} took; the table below has the figures.`}
                />
              </Suspense>
            </Show>
            <Disclosure title="As a table">
              <section
                class="max-h-80 overflow-auto rounded-md border border-line"
                // Scrolled by keyboard.
                tabindex="0"
                aria-label="Backups one by one"
              >
                <table class="w-full text-left tabular-nums">
                  <thead class="sticky top-0 bg-sunken">
                    <tr>
                      <For each={['When', 'How it ended', 'Took', 'Original', 'New']}>
                        {(word) => <th class="px-3 py-1.5 font-medium whitespace-nowrap">{word}</th>}
                      </For>
                    </tr>
                  </thead>
                  <tbody class="divide-y divide-line">
                    <For each={found.runs.toReversed()}>
                      {(run) => (
                        <tr>
                          <td class="px-3 py-1.5">
                            <A href={paths.job(run.job.id)} class="text-accent hover:underline">
                              <Time at={run.at} />
                            </A>
                          </td>
                          <td class="px-3 py-1.5">
                            <RunStateBadge state={run.state} />
                          </td>
                          <td class="px-3 py-1.5 whitespace-nowrap">{durationOf(run.duration)}</td>
                          <td class="px-3 py-1.5 whitespace-nowrap">{bytesOf(run.originalSize)}</td>
                          <td class="px-3 py-1.5 whitespace-nowrap">{bytesOf(run.deduplicatedSize)}</td>
                        </tr>
                      )}
                    </For>
                  </tbody>
                </table>
              </section>
            </Disclosure>
          </div>
        )}
      </Loaded>
    </Section>
  )
}
