import { createEffect, createSignal, For, on, Show } from 'solid-js'
import { FileProblemsDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { Loaded } from '../../parts/loading.tsx'
import { type Cursors, Pager, pageOf } from '../../parts/pager.tsx'
import { ToneIcon } from '../../parts/state-badge.tsx'
import { sayCount } from '../../text/counts.ts'

const shownProblems = 20

/** The files that a task had trouble with, and why. */
export const FileProblems = (props: { taskId: string; count: number }) => {
  const [cursors, setCursors] = createSignal<Cursors>({})
  const [result, retry] = createLiveQuery({
    query: FileProblemsDocument,
    variables: () => ({ taskId: props.taskId, ...pageOf(cursors(), shownProblems) }),
  })
  createEffect(
    on(
      () => props.count,
      () => !result.fetching && retry(),
      { defer: true },
    ),
  )
  const problems = () =>
    result.data?.node?.__typename === 'Task' ? (result.data.node.fileProblems ?? undefined) : undefined
  return (
    <section class="grid gap-2" aria-label="File problems">
      <h3 class="flex items-center gap-2 font-medium">
        <ToneIcon tone="warning" />
        {sayCount(props.count, 'file problem')}
      </h3>
      <Loaded data={problems()} error={result.error} retry={retry} rows={Math.min(props.count, shownProblems)}>
        {(page) => (
          <>
            <ul class="divide-y divide-line rounded-card border border-line">
              <For each={page.edges}>
                {(edge) => (
                  <li class="px-3 py-2">
                    <Show when={edge.node.path}>
                      {(path) => <p class="font-mono text-[13px] whitespace-pre-wrap">{path()}</p>}
                    </Show>
                    <p class="text-muted">{edge.node.message}</p>
                  </li>
                )}
              </For>
            </ul>
            <Pager info={page.pageInfo} go={setCursors} newer="Previous" older="Next" />
          </>
        )}
      </Loaded>
    </section>
  )
}
