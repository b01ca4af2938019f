import { A, useNavigate, useParams } from '@solidjs/router'
import { For, lazy, Match, Show, Suspense, Switch } from 'solid-js'
import { createAction } from '../../api/action.ts'
import {
  RepositoryDocument,
  type RepositoryRowFragment,
  RepositoryRunningDocument,
  type RepositoryRunningQuery,
  StartRefreshDocument,
} from '../../api/gql/graphql.ts'
import { areSettled, createLiveQuery } from '../../api/live-query.ts'
import { canAct } from '../../api/rights.ts'
import { isId, readId } from '../../ids.ts'
import { Button } from '../../parts/button.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Empty, Skeleton } from '../../parts/loading.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { Notice, RepositoryStateBadge } from '../../parts/state-badge.tsx'
import { Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { sayNoArchive } from '../../text/archives.ts'
import { sayBytes, sayRatio } from '../../text/sizes.ts'
import { encryptionModes } from '../../text/words.ts'
import { JobList } from '../jobs/job-list.tsx'
import { JobRow } from '../jobs/job-row.tsx'
import { NodePage } from '../node-page.tsx'
import { createFirstPlans } from '../plans/first-plans.ts'
import { RepositoryPlans } from '../plans/repository-plans.tsx'
import { Archives } from './archives.tsx'
import { Doubt } from './doubt.tsx'

const Settings = lazy(async () => ({ default: (await import('./settings.tsx')).Settings }))

const bytesOf = (bytes: number | null) => (bytes === null ? '–' : sayBytes(bytes))

/** What runs in a repository, or waits to. Nothing where there is none. */
const Running = (props: { jobs: RepositoryRunningQuery['jobs']['edges'] }) => {
  const title = () => {
    const running = props.jobs.filter(({ node }) => node.state === 'RUNNING').length
    if (running === 0) return 'Waiting'
    return running < props.jobs.length ? 'Running and waiting' : 'Running now'
  }
  return (
    <Show when={props.jobs.length > 0}>
      <Section title={title()}>
        <ul class="card divide-y divide-line" aria-label={title()}>
          <For each={props.jobs}>{(edge) => <JobRow job={edge.node} />}</For>
        </ul>
      </Section>
    </Show>
  )
}

const Details = (props: {
  repository: RepositoryRowFragment
  plans: ReturnType<typeof createFirstPlans>
  running: RepositoryRunningQuery | undefined
  tab: string | undefined
}) => {
  const navigate = useNavigate()
  const again = createAction(StartRefreshDocument)
  const repository = () => props.repository
  const id = () => repository().id
  const ratio = () => sayRatio(repository().originalSize ?? 0, repository().deduplicatedSize ?? 0)
  const tabs = () => [
    { word: 'Archives', href: paths.repository(id()) },
    { word: 'Jobs', href: paths.repositoryJobs(id()) },
    { word: 'Settings', href: paths.repositorySettings(id()) },
  ]
  const incomplete = () => (repository().latestArchive ? null : repository().latestIncompleteArchive)
  const doubted = () => {
    const { doubt, foundBorgId } = repository()
    return doubt && foundBorgId ? { doubt, foundBorgId } : undefined
  }
  const retry = async () => {
    const job = await again.run({ input: { repositoryId: id() } })
    if (job) navigate(paths.job(job.id))
  }

  return (
    <Page
      title={repository().name}
      above={
        <A href={paths.repositories} class="w-fit text-accent hover:underline">
          Repositories
        </A>
      }
      beside={<RepositoryStateBadge state={repository().state} />}
      actions={
        <Button acts look="primary" disabled={!repository().isUsable} onClick={() => navigate(paths.backup(id()))}>
          Back up now
        </Button>
      }
    >
      <Show when={repository().state === 'FAILED'}>
        <Notice tone="failed">
          <p class="font-medium">This repository could not be opened the last time.</p>
          <p>{repository().problem}</p>
          <Show when={!repository().doubt && canAct()}>
            <p>Correct its settings if they are wrong, then try again.</p>
          </Show>
          <div class="mt-2 flex flex-wrap gap-2">
            <Button acts onClick={retry} disabled={again.isPending()}>
              Try again
            </Button>
            <Show when={doubted()}>
              {(found) => <Doubt repository={repository()} doubt={found().doubt} foundBorgId={found().foundBorgId} />}
            </Show>
          </div>
        </Notice>
        <ProblemNotice problem={again.problem()} />
      </Show>
      <Running jobs={props.running?.jobs.edges ?? []} />
      <div class="card grid gap-4 p-4">
        <Facts
          facts={[
            {
              name: 'Last archive',
              value: (
                <Show when={repository().latestArchive} fallback={sayNoArchive(repository())}>
                  {(archive) => <Time at={archive().startedAt} />}
                </Show>
              ),
              note: incomplete() && (
                <>
                  an incomplete one <Time at={incomplete()?.startedAt ?? ''} />
                </>
              ),
            },
            { name: 'Original', value: bytesOf(repository().originalSize), note: 'all archives' },
            { name: 'Compressed', value: bytesOf(repository().compressedSize) },
            {
              name: 'Deduplicated',
              value: bytesOf(repository().deduplicatedSize),
              note: ratio() ? `${ratio()} smaller` : 'space that it takes',
            },
          ]}
        />
        <div class="grid gap-0.5">
          <p class="font-mono text-[13px]">{repository().location}</p>
          <Show when={repository().encryption}>
            {(mode) => <p class="text-[13px] text-muted">{encryptionModes[mode()].word}</p>}
          </Show>
        </div>
      </div>
      <RepositoryPlans repositoryId={id()} plans={props.plans} />
      <nav aria-label="Repository" class="flex gap-1 border-b border-line">
        <For each={tabs()}>
          {(tab) => (
            <A
              href={tab.href}
              end
              class="-mb-px rounded-t-md border-b-2 border-transparent px-3 py-2 text-muted hover:text-ink"
              activeClass="border-accent! text-ink! font-medium"
            >
              {tab.word}
            </A>
          )}
        </For>
      </nav>
      <Suspense fallback={<Skeleton />}>
        <Switch fallback={<Archives repository={repository()} />}>
          <Match when={props.tab === 'jobs'}>
            <JobList
              filter={{ repositoryId: id() }}
              allHref={paths.jobsOf({ repository: id() })}
              empty={<Empty title="Nothing has run here yet." />}
            />
          </Match>
          <Match when={props.tab === 'settings'}>
            <Settings repository={repository()} />
          </Match>
        </Switch>
      </Suspense>
    </Page>
  )
}

export default function Repository() {
  const params = useParams<{ id: string; tab?: string }>()
  const id = () => readId(params.id)
  const pause = () => !isId(id())
  const [result, retry] = createLiveQuery({ query: RepositoryDocument, variables: () => ({ id: id() }), pause })
  const [running] = createLiveQuery({ query: RepositoryRunningDocument, variables: () => ({ id: id() }), pause })
  const plans = createFirstPlans(id, pause)
  const repository = () => (result.data?.node?.__typename === 'Repository' ? result.data.node : undefined)
  return (
    <NodePage
      title="Repository"
      found={areSettled(running, plans.result) ? repository() : undefined}
      isMissing={pause() || (Boolean(result.data) && !repository())}
      missing="There is no such repository, or it was removed since."
      error={result.error}
      retry={retry}
    >
      {(found) => <Details repository={found} plans={plans} running={running.data} tab={params.tab} />}
    </NodePage>
  )
}
