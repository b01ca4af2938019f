import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { OverviewDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { ButtonLink } from '../../parts/button.tsx'
import { now } from '../../parts/clock.ts'
import { Empty, Loaded } from '../../parts/loading.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { ToneIcon } from '../../parts/state-badge.tsx'
import { paths } from '../../paths.ts'
import { sayCount } from '../../text/counts.ts'
import { JobRow } from '../jobs/job-row.tsx'
import { assess } from './assessment.ts'
import { NextRuns } from './next-runs.tsx'

const softs = {
  running: 'bg-accent-soft',
  good: 'bg-good-soft',
  warning: 'bg-warning-soft',
  failed: 'bg-failed-soft',
  idle: 'bg-idle-soft',
}

export default function Overview() {
  const [result, retry] = createLiveQuery({ query: OverviewDocument })
  const repositories = () => result.data?.repositories.edges.map(({ node }) => node) ?? []
  const assessment = () => assess(repositories(), now())

  return (
    <Page title="Overview">
      <Loaded
        data={result.data}
        error={result.error}
        retry={retry}
        isEmpty={(data) => data.repositories.totalCount === 0}
        empty={
          <Empty title="Nothing is backed up yet.">
            <p class="max-w-md text-muted">
              A repository is the place that backups go to. Create a new one, or import one that borg made before.
            </p>
            <div class="flex flex-wrap justify-center gap-2">
              <ButtonLink href={paths.createRepository} look="primary">
                Create repository
              </ButtonLink>
              <ButtonLink href={paths.importRepository}>Import repository</ButtonLink>
            </div>
          </Empty>
        }
      >
        {(data) => (
          <>
            <p class={`flex items-center gap-3 rounded-card px-4 py-4 text-lg font-medium ${softs[assessment().tone]}`}>
              <ToneIcon tone={assessment().tone} size={24} />
              {assessment().sentence}
            </p>
            <Show when={data.repositories.totalCount > repositories().length}>
              <p class="text-muted">
                Judged by the first {repositories().length} of{' '}
                {sayCount(data.repositories.totalCount, 'repository', 'repositories')}.
              </p>
            </Show>
            <Show when={assessment().findings.length > 0}>
              <Section title="Needs attention">
                <ul class="card divide-y divide-line">
                  <For each={assessment().findings}>
                    {(finding) => (
                      <li class="flex items-start gap-3 px-4 py-3">
                        <span class="mt-0.5">
                          <ToneIcon tone={finding.tone} />
                        </span>
                        <div class="min-w-0 flex-1">
                          <A href={paths.repository(finding.repository.id)} class="font-medium hover:underline">
                            {finding.repository.name}
                          </A>
                          <p class="text-muted">{finding.text}</p>
                        </div>
                        <Show when={finding.jobId}>
                          {(id) => (
                            <A href={paths.job(id())} class="text-accent hover:underline">
                              See the job
                            </A>
                          )}
                        </Show>
                      </li>
                    )}
                  </For>
                </ul>
              </Section>
            </Show>
            <Show when={data.active.edges.length > 0}>
              <Section title="Running now">
                <ul class="card divide-y divide-line">
                  <For each={data.active.edges}>{(edge) => <JobRow job={edge.node} />}</For>
                </ul>
              </Section>
            </Show>
            <Section
              title="Ran last"
              beside={
                <A href={paths.jobs} class="text-accent hover:underline">
                  All jobs
                </A>
              }
            >
              <Show
                when={data.recent.edges.length > 0}
                fallback={<p class="text-muted">Nothing has run yet. Open a repository and choose “Back up now”.</p>}
              >
                <ul class="card divide-y divide-line">
                  <For each={data.recent.edges}>{(edge) => <JobRow job={edge.node} />}</For>
                </ul>
              </Show>
            </Section>
            <NextRuns />
          </>
        )}
      </Loaded>
    </Page>
  )
}
