import { A } from '@solidjs/router'
import { createEffect, createSignal, lazy, onMount, Show, Suspense } from 'solid-js'
import { DryRunChangedDocument, DryRunDocument } from '../../api/gql/graphql.ts'
import { createFollowedQuery } from '../../api/live-query.ts'
import { isId } from '../../ids.ts'
import { Loaded } from '../../parts/loading.tsx'
import { Section } from '../../parts/page.tsx'
import { Notice, RunStateBadge } from '../../parts/state-badge.tsx'
import { paths } from '../../paths.ts'
import { jobKinds, taskKinds } from '../../text/kinds.ts'
import { isActive, runStates } from '../../text/words.ts'
import { DryRunCounts } from '../jobs/dry-run-counts.tsx'
import { isCancelling } from '../jobs/job-words.ts'

const Output = lazy(async () => ({ default: (await import('../jobs/output.tsx')).Output }))

/** What a dry run has found, live: how much a backup would take and leave out, and each file and folder. */
export const DryRun = (props: { jobId: string; onShown?: () => void }) => {
  const pause = !isId(props.jobId)
  const variables = { id: props.jobId }
  const [result, retry] = createFollowedQuery({
    query: DryRunDocument,
    changes: DryRunChangedDocument,
    variables,
    pause,
  })
  const node = () => (result.data?.node?.__typename === 'Job' ? result.data.node : undefined)
  const job = () => {
    const found = node()
    return found && jobKinds[found.kind].isDryRun ? found : undefined
  }
  const isMissing = () => pause || (Boolean(result.data) && !job())
  const [isOutputLoaded, setOutputLoaded] = createSignal(false)
  onMount(async () => {
    await Output.preload()
    setOutputLoaded(true)
  })
  createEffect(() => {
    if (isMissing() || result.error || (job() && isOutputLoaded())) props.onShown?.()
  })
  const task = () => job()?.tasks.find(({ kind }) => taskKinds[kind].isDryRun)
  return (
    <Section
      title="Dry run"
      beside={
        <>
          <Show when={job()}>
            {(found) => <RunStateBadge state={found().state} isCancelling={isCancelling(found())} />}
          </Show>
          <Show when={!isMissing()}>
            <A href={paths.job(props.jobId)} class="text-accent hover:underline">
              Open its job
            </A>
          </Show>
        </>
      }
    >
      <Show when={isMissing()}>
        <p class="text-muted">{node() ? 'This job is no dry run.' : 'This dry run was removed.'}</p>
      </Show>
      <Show when={!isMissing()}>
        <Loaded data={job()} error={result.error} retry={retry} rows={2}>
          {(found) => (
            <div class="card grid grid-cols-[minmax(0,1fr)] gap-4 p-4">
              <Show when={found.problem}>
                {(problem) => <Notice tone={runStates[found.state].tone}>{problem()}</Notice>}
              </Show>
              <Show when={isActive(found.state) && found.waitingFor}>
                <Notice tone="idle">Waits for {found.waitingFor}</Notice>
              </Show>
              <DryRunCounts summary={task()?.summary} />
              <p class="text-[13px] text-muted">
                Each line is a file or folder: <code class="font-mono">-</code> would be backed up if it may be read,{' '}
                <code class="font-mono">x</code> left out.
              </p>
              <Show when={task()}>
                {(shown) => (
                  <Suspense>
                    <Output
                      taskId={shown().id}
                      lineCount={shown().lineCount}
                      isLive={isActive(shown().state)}
                      fileName={`dry-run-${found.createdAt.slice(0, 19).replaceAll(':', '-')}.txt`}
                    />
                  </Suspense>
                )}
              </Show>
            </div>
          )}
        </Loaded>
      </Show>
    </Section>
  )
}
