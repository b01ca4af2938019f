import { A, useLocation } from '@solidjs/router'
import { useClient } from '@urql/solid'
import type { LucideProps } from 'lucide-solid'
import Activity from 'lucide-solid/icons/activity'
import CalendarClock from 'lucide-solid/icons/calendar-clock'
import ClipboardList from 'lucide-solid/icons/clipboard-list'
import Database from 'lucide-solid/icons/database'
import Keyboard from 'lucide-solid/icons/keyboard'
import LayoutDashboard from 'lucide-solid/icons/layout-dashboard'
import LogOut from 'lucide-solid/icons/log-out'
import Moon from 'lucide-solid/icons/moon'
import Server from 'lucide-solid/icons/server'
import Sun from 'lucide-solid/icons/sun'
import SunMoon from 'lucide-solid/icons/sun-moon'
import { type Component, createEffect, createSignal, For, type JSX, lazy, on, Show, Suspense } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { parse } from '../api/documents.ts'
import { SignOutDocument } from '../api/gql/graphql.ts'
import { areSettled, isOutdated, watchChanges } from '../api/live-query.ts'
import { isLost } from '../api/socket.ts'
import { paths } from '../paths.ts'
import { useShortcuts } from './keyboard.ts'
import { Skeleton } from './loading.tsx'
import { PausedQueue } from './paused-queue.tsx'
import { createQueueQuery } from './queue.ts'
import { switchTheme, theme } from './theme.ts'

const Help = lazy(() => import('./help.tsx'))

/** `isAside`: a narrow screen shows it at the top, where the bar at the bottom has no room. */
const places: { href: string; word: string; icon: Component<LucideProps>; isAside?: boolean }[] = [
  { href: paths.overview, word: 'Overview', icon: LayoutDashboard },
  { href: paths.repositories, word: 'Repositories', icon: Database },
  { href: paths.plans, word: 'Plans', icon: ClipboardList },
  { href: paths.schedules, word: 'Schedules', icon: CalendarClock },
  { href: paths.jobs, word: 'Jobs', icon: Activity },
  { href: paths.system, word: 'System', icon: Server, isAside: true },
]

const themeIcons = { system: SunMoon, light: Sun, dark: Moon }

const quiet =
  'flex min-h-9 items-center gap-2.5 rounded-md px-2.5 py-1.5 text-muted hover:bg-sunken hover:text-ink transition-colors'

/** What surrounds every page of someone who is signed in. It keeps the live connection open. */
export const Shell = (props: { username: string; children: JSX.Element }) => {
  const client = useClient()
  const place = useLocation()
  const [isHelpOpen, setHelpOpen] = createSignal(false)
  watchChanges()
  const [queue] = createQueueQuery()
  useShortcuts(() => setHelpOpen(true))

  let main: HTMLElement | undefined
  createEffect(
    on(
      () => place.pathname,
      () => main?.focus({ preventScroll: true }),
      { defer: true },
    ),
  )

  const signOut = async () => {
    await client.mutation(parse(SignOutDocument), {}).toPromise()
    // A new page: nothing that this person saw stays in memory, and the live connection ends with the session.
    location.assign(paths.signIn)
  }

  return (
    <div class="min-h-dvh md:grid md:grid-cols-[13.5rem_minmax(0,1fr)]">
      <a
        href="#main"
        class="sr-only rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        Skip to the content
      </a>
      <header class="flex items-center gap-1 border-line px-3 py-2 max-md:border-b md:sticky md:top-0 md:h-dvh md:flex-col md:items-stretch md:border-r md:py-4">
        <A href={paths.overview} class="flex items-center gap-2.5 rounded-md px-2 py-1 text-base font-semibold md:mb-4">
          <img src="/icon.svg" alt="" width="24" height="24" />
          Borgitory
        </A>
        <nav
          aria-label="Main"
          class="flex gap-0.5 max-md:fixed max-md:inset-x-0 max-md:bottom-0 max-md:z-30 max-md:border-t max-md:border-line max-md:bg-surface max-md:px-1 max-md:pb-[env(safe-area-inset-bottom)] md:flex-col"
        >
          <For each={places}>
            {({ href, word, icon, isAside }) => (
              <A
                href={href}
                end={href === '/'}
                activeClass="text-accent! md:bg-accent-soft md:font-medium"
                class={`${quiet} ${isAside ? 'max-md:hidden' : ''} max-md:flex-1 max-md:flex-col max-md:gap-0.5 max-md:px-0 max-md:py-2 max-md:text-xs`}
              >
                <Dynamic component={icon} size={18} aria-hidden="true" />
                {word}
              </A>
            )}
          </For>
        </nav>
        <div class="flex gap-0.5 max-md:ml-auto md:mt-auto md:flex-col">
          <For each={places.filter(({ isAside }) => isAside)}>
            {({ href, word, icon }) => (
              <A href={href} class={`${quiet} md:hidden`} activeClass="text-accent!" aria-label={word}>
                <Dynamic component={icon} size={18} aria-hidden="true" />
              </A>
            )}
          </For>
          <button type="button" class={`${quiet} max-md:hidden`} onClick={() => setHelpOpen(true)}>
            <Keyboard size={18} aria-hidden="true" />
            Keyboard
          </button>
          <button type="button" class={quiet} onClick={switchTheme} aria-label={`Theme: ${theme()}`}>
            <Dynamic component={themeIcons[theme()]} size={18} aria-hidden="true" />
            <span class="max-md:hidden">Theme: {theme()}</span>
          </button>
          <button
            type="button"
            class={quiet}
            onClick={signOut}
            aria-label="Sign out"
            title={`Signed in as ${props.username}`}
          >
            <LogOut size={18} aria-hidden="true" />
            <span class="max-md:hidden">Sign out</span>
          </button>
        </div>
      </header>
      <div class="min-w-0">
        <div role="status" class="sticky top-0 z-20">
          <Show when={isLost()}>
            <p class="bg-warning-soft px-4 py-2 text-center text-warning">
              Connection lost, retrying. What you see may be out of date.
            </p>
          </Show>
          <Show when={isOutdated() && !isLost()}>
            <p class="border-b border-line bg-sunken px-4 py-1.5 text-center text-[13px] text-muted">
              Some of this could not be read anew; it is tried again. What you see may be out of date.
            </p>
          </Show>
        </div>
        <PausedQueue onResume={() => main?.focus()} />
        {/* The page is shown with what is above it: a pause of the queue that is told later would move it. */}
        <Show when={!areSettled(queue)}>
          <main class="px-4 pt-3 sm:px-6">
            <h1 class="sr-only">Borgitory</h1>
            <Skeleton />
          </main>
        </Show>
        <main
          id="main"
          ref={main}
          tabindex="-1"
          class="min-w-0 px-4 pt-3 pb-24 outline-none sm:px-6 md:pb-10"
          classList={{ invisible: !areSettled(queue) }}
        >
          <Suspense fallback={<Skeleton />}>{props.children}</Suspense>
        </main>
      </div>
      <Show when={isHelpOpen()}>
        <Suspense>
          <Help onClose={() => setHelpOpen(false)} />
        </Suspense>
      </Show>
    </div>
  )
}
