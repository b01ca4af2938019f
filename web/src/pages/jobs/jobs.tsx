import { useSearchParams } from '@solidjs/router'
import { Show } from 'solid-js'
import { Button } from '../../parts/button.tsx'
import { Empty } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { Filters } from './filters.tsx'
import { filterOf, noWishes, type Wishes } from './job-filter.ts'
import { JobList } from './job-list.tsx'
import { PauseQueueButton, QueueLine } from './queue-line.tsx'

export default function Jobs() {
  const [search, setSearch] = useSearchParams()
  const wishes = (): Wishes =>
    Object.fromEntries(
      Object.keys(noWishes).flatMap((name) => {
        const [value] = [search[name]].flat()
        return value ? [[name, value]] : []
      }),
    )
  // A filter starts at the first page: the cursors belong to the list before.
  const choose = (changes: Wishes) => setSearch({ ...changes, after: undefined, before: undefined })

  return (
    <Page title="Jobs" actions={<PauseQueueButton />}>
      <QueueLine />
      <Filters wishes={wishes()} choose={choose} />
      <JobList
        filter={filterOf(wishes())}
        empty={
          <Show
            when={Object.keys(wishes()).length > 0}
            fallback={
              <Empty title="Nothing has run yet.">
                <p class="text-muted">Jobs appear here when you create a repository or start a backup.</p>
              </Empty>
            }
          >
            <Empty title="No job matches.">
              <Button onClick={() => choose(noWishes)}>Show all jobs</Button>
            </Empty>
          </Show>
        }
      />
    </Page>
  )
}
