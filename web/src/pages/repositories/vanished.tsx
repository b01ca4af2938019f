import { For, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { ForgetVanishedArchivesDocument, VanishedArchivesDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { Button } from '../../parts/button.tsx'
import { Failure } from '../../parts/loading.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { Notice } from '../../parts/state-badge.tsx'
import { Time } from '../../parts/time.tsx'
import { explainVanished, sayVanished } from '../../text/archives.ts'
import { sayCount } from '../../text/counts.ts'

/** Archives that are gone from a repository, though nobody has removed them here, until a person has seen it. */
export const Vanished = (props: { repositoryId: string }) => {
  const [result, retry] = createLiveQuery({
    query: VanishedArchivesDocument,
    variables: () => ({ id: props.repositoryId }),
  })
  const forget = createAction(ForgetVanishedArchivesDocument)
  const found = () => (result.data?.node?.__typename === 'Repository' ? result.data.node.vanishedArchives : undefined)
  const archives = () => found()?.edges.map(({ node }) => node) ?? []
  const more = () => (found()?.totalCount ?? 0) - archives().length
  const remove = () => {
    // The first was found gone last: what is found gone from now on has been seen by nobody.
    const until = archives()[0]?.vanishedAt
    if (until) forget.run({ input: { repositoryId: props.repositoryId, until } })
  }
  return (
    <>
      <Show when={!found() && result.error}>{(error) => <Failure error={error()} retry={retry} />}</Show>
      <Show when={archives().length > 0}>
        <Notice tone="warning">
          <p class="font-medium">{sayVanished(found()?.totalCount ?? 0)}.</p>
          <p>{explainVanished(found()?.totalCount ?? 0)}</p>
          <ul class="mt-2 grid gap-1">
            <For each={archives()}>
              {(archive) => (
                <li class="flex flex-wrap items-baseline gap-x-3">
                  <span class="font-mono break-all">{archive.name}</span>
                  <span class="text-[13px] text-muted">
                    made <Time at={archive.startedAt} />, gone{' '}
                    <Show when={archive.vanishedAt}>{(at) => <Time at={at()} />}</Show>
                  </span>
                </li>
              )}
            </For>
          </ul>
          <Show when={more() > 0}>
            <p class="text-muted">and {sayCount(more(), 'more', 'more')}.</p>
          </Show>
          <Button acts class="mt-2" onClick={remove} disabled={forget.isPending()}>
            {found()?.totalCount === 1 ? 'Remove it from the list' : `Remove all ${found()?.totalCount} from the list`}
          </Button>
        </Notice>
        <ProblemNotice problem={forget.problem()} />
      </Show>
    </>
  )
}
