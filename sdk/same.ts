/** The list as it was while nothing in it has changed: so that whoever compares lists sees that. */
export function sameIfEqual<T> (before: readonly T[], now: readonly T[]): readonly T[] {
  const isEqual = before.length === now.length && before.every((item, index) => item === now[index])
  return isEqual ? before : now
}
