import { Show } from 'solid-js'
import type { TaskDetailsFragment } from '../../api/gql/graphql.ts'
import { Facts } from '../../parts/facts.tsx'
import { sayBytes } from '../../text/sizes.ts'

/** How much a compaction has freed; nothing where there was none. */
export const Freed = (props: { tasks: readonly Pick<TaskDetailsFragment, 'summary'>[] }) => {
  const found = () =>
    props.tasks.flatMap(({ summary }) => (summary?.__typename === 'CompactSummary' ? [summary] : [])).at(0)
  return (
    <Show when={found()}>
      {(summary) => (
        <section aria-label="What was freed" class="card p-4">
          <Facts facts={[{ name: 'Freed', value: sayBytes(summary().freedSize), note: 'about so much' }]} />
        </section>
      )}
    </Show>
  )
}
