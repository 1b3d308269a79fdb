import type { RoomState } from '../contract/index.ts'
import type { Membership } from '../domain/members.ts'
import type { Feed } from './feed/feed.ts'
import type { LocalRoom } from './feed/local-room.ts'

/** Where somebody stands in a room that is local, exactly at its tail. */
export function toState (feed: Feed, membership: Membership): RoomState | undefined {
  const local = feed.get(membership.room.id)
  return local && stateIn(local, membership)
}

export function stateIn (local: LocalRoom, { room, userId, lastSeq, readSeq, readMessages, mentionSeqs }: Membership): RoomState {
  return {
    room: { ...room, memberCount: local.memberCount },
    lastSeq: local.tail,
    epoch: local.epoch,
    readSeq,
    unread: Math.max(0, local.messageCount - readMessages),
    unreadMentions: mentionsUpTo(local.tail, mentionSeqs) + local.mentionsAfter(lastSeq, userId)
  }
}

function mentionsUpTo (tail: number, seqs: number[]): number {
  return seqs.length === 0 ? 0 : seqs.filter((seq) => seq <= tail).length
}
