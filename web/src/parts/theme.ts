import { createSignal } from 'solid-js'

export type Theme = 'system' | 'light' | 'dark'

const stored = localStorage.getItem('theme')
const [theme, setTheme] = createSignal<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system')

/** The chosen theme; `public/theme.js` applies it at the next start. */
export { theme }

/** Goes to the next of system, light and dark, and remembers it. */
export const switchTheme = () => {
  const next: Theme = theme() === 'system' ? 'light' : theme() === 'light' ? 'dark' : 'system'
  setTheme(next)
  if (next === 'system') {
    localStorage.removeItem('theme')
    delete document.documentElement.dataset.theme
  } else {
    localStorage.setItem('theme', next)
    document.documentElement.dataset.theme = next
  }
}
