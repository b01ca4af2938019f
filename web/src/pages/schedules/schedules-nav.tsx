import { A } from '@solidjs/router'
import { For } from 'solid-js'
import { paths } from '../../paths.ts'

const views = [
  { word: 'List', href: paths.schedules },
  { word: 'Next seven days', href: paths.schedulesCalendar },
]

/** The two ways to look at all schedules. */
export const SchedulesNav = () => (
  <nav aria-label="Schedules" class="flex gap-1 border-b border-line">
    <For each={views}>
      {(view) => (
        <A
          href={view.href}
          end
          class="-mb-px rounded-t-md border-b-2 border-transparent px-3 py-2 text-muted hover:text-ink"
          activeClass="border-accent! text-ink! font-medium"
        >
          {view.word}
        </A>
      )}
    </For>
  </nav>
)
