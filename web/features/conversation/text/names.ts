const list = new Intl.ListFormat('en-GB', { style: 'long', type: 'conjunction' })

/** “Alice, Bob and 3 others” */
export function joinNames (names: readonly string[], limit = 3): string {
  const shown = names.slice(0, names.length === limit + 1 ? limit + 1 : limit)
  const others = names.length - shown.length
  return list.format(others > 0 ? [...shown, `${others} others`] : shown)
}

/** “Alice and Bob are typing…” */
export function describeTyping (names: readonly string[]): string {
  if (names.length === 0) return ''
  if (names.length > 3) return 'Several people are typing…'
  return `${joinNames(names)} ${names.length === 1 ? 'is' : 'are'} typing…`
}
