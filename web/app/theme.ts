import { createStore } from 'zustand/vanilla'

/** What a person has chosen; `system` is what their machine says. */
export type Theme = 'system' | 'light' | 'dark'

const key = 'parley:theme'
const isTheme = (value: unknown): value is Theme => value === 'system' || value === 'light' || value === 'dark'

export const themeStore = createStore<{ theme: Theme }>(() => ({ theme: read() }))

function read (): Theme {
  const stored = localStorage.getItem(key)
  return isTheme(stored) ? stored : 'system'
}

export function chooseTheme (theme: Theme): void {
  localStorage.setItem(key, theme)
  themeStore.setState({ theme })
}

/** Keeps the page in the chosen theme, whichever tab or machine changes it. */
export function followTheme (): void {
  const darkness = matchMedia('(prefers-color-scheme: dark)')
  const show = () => {
    const { theme } = themeStore.getState()
    const isDark = theme === 'dark' || (theme === 'system' && darkness.matches)
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light'
  }
  darkness.addEventListener('change', show)
  addEventListener('storage', (event) => { if (event.key === key) themeStore.setState({ theme: read() }) })
  themeStore.subscribe(show)
  show()
}
