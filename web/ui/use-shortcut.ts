import { useEffect, useEffectEvent } from 'react'

/** Ctrl and a key, or Cmd on a Mac, anywhere on the page. */
export function useShortcut (key: string, act: () => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== key || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
    event.preventDefault()
    act()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => { onKey(event) }
    addEventListener('keydown', listen)
    return () => { removeEventListener('keydown', listen) }
  }, [])
}

/** How the shortcut is written on this machine. */
export const shortcutPrefix = /Mac|iP(hone|ad)/.test(navigator.userAgent) ? '⌘' : 'Ctrl '
