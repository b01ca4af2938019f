import { useNavigate } from '@solidjs/router'
import { onCleanup, onMount } from 'solid-js'
import { paths } from '../paths.ts'

/** The keys that work on every page; the help dialog lists them. */
export const shortcuts = [
  { keys: ['/'], does: 'Search on this page' },
  { keys: ['g', 'o'], does: 'Go to the overview', to: paths.overview },
  { keys: ['g', 'r'], does: 'Go to the repositories', to: paths.repositories },
  { keys: ['g', 'c'], does: 'Go to the schedules', to: paths.schedules },
  { keys: ['g', 'p'], does: 'Go to the plans', to: paths.plans },
  { keys: ['g', 'j'], does: 'Go to the jobs', to: paths.jobs },
  { keys: ['g', 's'], does: 'Go to the system page', to: paths.system },
  { keys: ['?'], does: 'Show this help' },
  { keys: ['Esc'], does: 'Close a dialog, or leave a search' },
]

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))

/** Listens for `shortcuts` while the page is shown. A key counts only outside fields and dialogs. */
export const useShortcuts = (showHelp: () => void) => {
  const navigate = useNavigate()
  let isGoing = false

  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (isTyping(event.target)) {
      if (event.key === 'Escape' && event.target instanceof HTMLInputElement && event.target.type === 'search')
        event.target.blur()
      return
    }
    if (document.querySelector('[role=dialog]')) return
    const wasGoing = isGoing
    isGoing = event.key === 'g'
    if (wasGoing) {
      const goal = shortcuts.find(({ keys, to }) => to && keys[1] === event.key)
      if (goal?.to) {
        event.preventDefault()
        navigate(goal.to)
      }
      return
    }
    if (event.key === '?') {
      event.preventDefault()
      showHelp()
    }
    if (event.key === '/') {
      const search = document.querySelector<HTMLInputElement>('input[type=search]')
      if (!search) return
      event.preventDefault()
      search.focus()
      search.select()
    }
  }

  onMount(() => document.addEventListener('keydown', press))
  onCleanup(() => document.removeEventListener('keydown', press))
}
