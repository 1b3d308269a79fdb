import type { User } from '../../../../contract/index.ts'

export interface MentionQuery {
  /** Where the `@` stands. */
  start: number
  query: string
}

/** The mention that is being written at the caret, if one is. */
export function findMention (text: string, caret: number): MentionQuery | undefined {
  const found = /(?:^|[^\p{L}\p{N}_@.])@([\p{L}\p{N}_.-]{0,32})$/u.exec(text.slice(0, caret))
  if (!found) return undefined
  const query = found[1] ?? ''
  return { start: caret - query.length - 1, query }
}

/** People that a query may mean, the likeliest first: the beginning of a name counts more than its middle. */
export function rankPeople (people: readonly User[], query: string, limit = 8): User[] {
  const wanted = query.toLocaleLowerCase()
  return people
    .map((user) => ({ user, rank: rank(user, wanted) }))
    .filter((one) => one.rank < Infinity)
    .sort((a, b) => a.rank - b.rank || a.user.displayName.localeCompare(b.user.displayName))
    .slice(0, limit)
    .map(({ user }) => user)
}

function rank ({ username, displayName }: User, wanted: string): number {
  const name = displayName.toLocaleLowerCase()
  if (username.startsWith(wanted) || name.startsWith(wanted)) return 0
  if (name.split(/\s+/).some((word) => word.startsWith(wanted))) return 1
  return username.includes(wanted) ? 2 : Infinity
}

/** The text with the mention written out, and where the caret then stands. */
export function completeMention (text: string, caret: number, { start }: MentionQuery, username: string): { text: string, caret: number } {
  const rest = text.slice(caret)
  const inserted = `@${username}${/^\s/.test(rest) ? '' : ' '}`
  return { text: text.slice(0, start) + inserted + rest, caret: start + inserted.length }
}
