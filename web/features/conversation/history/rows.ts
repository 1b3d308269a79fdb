import type { Message } from '../../../../contract/index.ts'
import { dayKey } from '../text/times.ts'
import { areAlike, type Notice } from './notices.ts'
import type { UnsentMessage } from './unsent.ts'

interface Place {
  /** Names the row for React and for the list: the same thing has the same key before and after it was sent. */
  readonly key: string
  readonly at: string
  /** Whether another day begins here. */
  readonly opensDay: boolean
  /** Whether what is new begins here. */
  readonly opensNew: boolean
}

export type Row =
  | { readonly kind: 'beginning', readonly key: 'beginning' }
  | Place & { readonly kind: 'message', readonly seq: number, readonly message: Message, readonly isHead: boolean }
  | Place & { readonly kind: 'notice', readonly seq: number, readonly notices: readonly Notice[] }
  | Place & { readonly kind: 'unsent', readonly unsent: UnsentMessage, readonly isHead: boolean }

export type MessageRow = Extract<Row, { kind: 'message' }>

export interface RowsInput {
  messages: readonly Message[]
  notices: readonly Notice[]
  unsent: readonly UnsentMessage[]
  /** Whether the log has more than is here. */
  hasBefore: boolean
  /** What is new comes after this seq; undefined when nothing is. */
  newAfter: number | undefined
  userId: string
  /** Nothing before this seq is put into one line with what comes after it: see `countBefore`. */
  anchor: number
}

/** One author's messages stand together when no more time than this is between them. */
const groupMs = 5 * 60_000

/** What the list shows, from top to bottom. */
export function buildRows ({ messages, notices, unsent, hasBefore, newAfter, userId, anchor }: RowsInput): Row[] {
  const rows: Row[] = hasBefore ? [] : [{ kind: 'beginning', key: 'beginning' }]
  let hasNew = newAfter === undefined
  let before: Exclude<Row, { kind: 'beginning' }> | undefined
  const push = (row: Exclude<Row, { kind: 'beginning' }>): void => {
    rows.push(row)
    before = row
  }

  for (const item of merge(messages, notices)) {
    const opensDay = !before || dayKey(before.at) !== dayKey(item.at)
    if ('type' in item) {
      const last = before?.kind === 'notice' ? before.notices.at(-1) : undefined
      const isJoined = last && !opensDay && areAlike(last, item) && (last.seq < anchor) === (item.seq < anchor)
      if (isJoined && before?.kind === 'notice') {
        const joined = { ...before, notices: [...before.notices, item] }
        rows.pop()
        push(joined)
      } else {
        push({ kind: 'notice', key: `notice-${item.seq}`, seq: item.seq, at: item.at, notices: [item], opensDay, opensNew: false })
      }
      continue
    }
    // Above the first one there may be others, also new.
    const isPlaced = before !== undefined || !hasBefore
    const opensNew = !hasNew && isPlaced && item.seq > (newAfter ?? 0) && item.authorId !== userId
    hasNew ||= opensNew
    const isHead = opensDay || opensNew || item.replyTo !== null || !isContinued(before, item.authorId, item.at)
    push({ kind: 'message', key: item.id, seq: item.seq, at: item.at, message: item, opensDay, opensNew, isHead })
  }
  const stored = unsent.length > 0 ? new Set(messages.slice(-100).map(({ id }) => id)) : undefined
  for (const one of unsent) {
    if (stored?.has(one.id) === true) continue
    const opensDay = !before || dayKey(before.at) !== dayKey(one.at)
    const isHead = opensDay || one.replyTo !== undefined || !isContinued(before, userId, one.at)
    push({ kind: 'unsent', key: one.id, at: one.at, unsent: one, opensDay, opensNew: false, isHead })
  }
  // Above the first there is more: what it looks like depends on that, and it would jump once that is here.
  return hasBefore && rows.length > 1 ? rows.slice(1) : rows
}

/** Both ascend by seq. */
function * merge (messages: readonly Message[], notices: readonly Notice[]): Generator<Message | Notice> {
  let index = 0
  for (const message of messages) {
    for (let notice = notices[index]; notice && notice.seq < message.seq; notice = notices[++index]) yield notice
    yield message
  }
  yield * notices.slice(index)
}

function isContinued (before: Row | undefined, authorId: string, at: string): boolean {
  const gap = before && before.kind !== 'beginning' ? Math.abs(Date.parse(at) - Date.parse(before.at)) : Infinity
  if (gap > groupMs) return false
  if (before?.kind === 'message') return before.message.authorId === authorId
  return before?.kind === 'unsent'
}

/** How many rows stand before a place of the log. It grows by what is put in front, whatever happens at the end. */
export function countBefore (rows: readonly Row[], anchor: number): number {
  const index = rows.findIndex((row) => row.kind === 'unsent' || (row.kind !== 'beginning' && row.seq >= anchor))
  return index === -1 ? rows.length : index
}

/** The row of a message, or the nearest one after it. */
export function indexOfSeq (rows: readonly Row[], seq: number): number {
  return rows.findIndex((row) => 'seq' in row && row.seq >= seq)
}
