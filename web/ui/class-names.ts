/** Joins those that there are. */
export function classNames (...names: Array<string | false | undefined>): string {
  return names.filter(Boolean).join(' ')
}
