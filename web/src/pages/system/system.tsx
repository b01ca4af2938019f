import { A, useParams } from '@solidjs/router'
import { For, lazy, Match, Suspense, Switch } from 'solid-js'
import { canAdminister } from '../../api/rights.ts'
import { Skeleton } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { paths } from '../../paths.ts'
import { Programs } from './programs.tsx'

const QueueSettings = lazy(() => import('./queue-settings.tsx'))
const HistorySettings = lazy(() => import('./history-settings.tsx'))
const Account = lazy(() => import('../users/account.tsx'))
const People = lazy(() => import('../users/people.tsx'))

const tabs = () => [
  { word: 'Programs', href: paths.system },
  { word: 'Queue', href: paths.queue },
  { word: 'History', href: paths.history },
  ...(canAdminister() ? [{ word: 'People', href: paths.people }] : []),
  { word: 'Account', href: paths.account },
]

export default function System() {
  const params = useParams<{ tab?: string }>()
  return (
    <Page title="System">
      <nav aria-label="System" class="flex flex-wrap gap-x-1 border-b border-line">
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
        <Switch fallback={<Programs />}>
          <Match when={params.tab === 'queue'}>
            <QueueSettings />
          </Match>
          <Match when={params.tab === 'history'}>
            <HistorySettings />
          </Match>
          <Match when={params.tab === 'people' && canAdminister()}>
            <People />
          </Match>
          <Match when={params.tab === 'account'}>
            <Account />
          </Match>
        </Switch>
      </Suspense>
    </Page>
  )
}
