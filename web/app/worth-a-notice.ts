import type { RoomEvent, RoomKind } from '../../contract/index.ts'
import type { Notices } from './notice-choice.ts'

interface Reader {
  wanted: Notices
  kind: RoomKind | undefined
  userId: string | undefined
  readSeq: number
}

/** Messages of long ago are caught up on in silence. */
const freshMs = 120_000

export function isWorthANotice ({ actorId, data, seq, at }: Extract<RoomEvent, { type: 'message.sent' }>, { wanted, kind, userId, readSeq }: Reader, now = Date.now()): boolean {
  if (wanted === 'none' || userId === undefined || actorId === userId || data.text === null || seq <= readSeq) return false
  if (now - Date.parse(at) > freshMs) return false
  return wanted === 'all' || kind === 'direct' || (data.mentions?.includes(userId) ?? false)
}
