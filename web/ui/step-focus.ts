const steps: Partial<Record<string, (index: number, count: number) => number>> = {
  ArrowDown: (index, count) => (index + 1) % count,
  ArrowUp: (index, count) => (index - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1
}

/** Moves the focus within a list by an arrow, Home or End; says whether the key was one of these. */
export function stepFocus (list: Element, key: string, selector = 'button:not(:disabled), a[href]'): boolean {
  const step = steps[key]
  const items = [...list.querySelectorAll<HTMLElement>(selector)]
  if (!step || items.length === 0) return false
  const current = items.indexOf(document.activeElement as HTMLElement)
  const next = current === -1 ? (key === 'ArrowUp' || key === 'End' ? items.length - 1 : 0) : step(current, items.length)
  items[next]?.focus()
  return true
}
