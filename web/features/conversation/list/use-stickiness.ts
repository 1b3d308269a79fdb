import { useCallback, useMemo, useRef, useState, type PointerEvent, type RefObject } from 'react'
import type { VirtuosoHandle } from 'react-virtuoso'

/** A list that leaves its end this long after somebody has touched it was moved by them. */
const touchMs = 400
/** Dragging a scroll bar tells nothing while it lasts. */
const dragMs = 10_000

/**
 * Keeps the end of a list in sight until somebody moves away from it: whatever comes, and however fast, or grows when its
 * picture arrives. Only people move away: what the list does to itself, by measuring its rows, does not count.
 */
export function useStickiness (list: RefObject<VirtuosoHandle | null>, onBottom: (isAtBottom: boolean) => void) {
  const [isAtBottom, setAtBottom] = useState(true)
  const isSticky = useRef(false)
  const touchedUntil = useRef(0)

  const touch = useCallback((ms = touchMs) => { touchedUntil.current = Math.max(touchedUntil.current, performance.now() + ms) }, [])
  const unstick = useCallback(() => {
    touch()
    isSticky.current = false
  }, [touch])

  const stickiness = useMemo(() => ({
    onBottom (isNow: boolean): void {
      if (!isNow && isSticky.current && performance.now() > touchedUntil.current) return toEnd(list)
      isSticky.current = isNow
      setAtBottom(isNow)
      onBottom(isNow)
    },
    onHeight (): void {
      if (isSticky.current && performance.now() > touchedUntil.current) toEnd(list)
    },
    toBottom (): void {
      touchedUntil.current = 0
      isSticky.current = true
      list.current?.scrollToIndex({ index: 'LAST', align: 'end' })
    }
  }), [list, onBottom])

  const handlers = useMemo(() => ({
    onWheel: () => { touch() },
    onTouchMove: () => { touch() },
    onKeyDownCapture: () => { touch() },
    onPointerDown: ({ target, currentTarget }: PointerEvent) => { if (target === currentTarget.firstElementChild) touch(dragMs) },
    onPointerUp: () => { touchedUntil.current = performance.now() + touchMs }
  }), [touch])

  return { isAtBottom, isStuck: useCallback((isNear: boolean) => isSticky.current || isNear ? 'auto' as const : false, []), unstick, stickiness, handlers }
}

function toEnd (list: RefObject<VirtuosoHandle | null>): void {
  list.current?.scrollTo({ top: Number.MAX_SAFE_INTEGER })
}
