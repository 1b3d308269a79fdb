import { useEffect } from 'react'
import { useParley } from '../stores/context.ts'

/** After so long without a key, a click or a look at the page one is away. */
const idleMs = 5 * 60_000
const signs = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'focus'] as const

export function useAway (): void {
  const parley = useParley()
  useEffect(() => {
    let isAway = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const set = (next: boolean) => {
      if (next !== isAway) parley.presence.setStatus(next ? 'away' : 'online')
      isAway = next
    }
    const sign = () => {
      clearTimeout(timer)
      timer = setTimeout(() => { set(true) }, idleMs)
      set(false)
    }
    for (const name of signs) addEventListener(name, sign, { passive: true })
    sign()
    return () => {
      clearTimeout(timer)
      for (const name of signs) removeEventListener(name, sign)
    }
  }, [parley])
}
