import type { Presence } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import { findSharingPairs, listMemberIds, readLastSeen, saveLastSeen } from '../db/queries/presence.ts'
import { requireMember } from './access.ts'

/** Somebody who looks at somebody. */
export interface Pair {
  viewerId: string
  userId: string
}

export interface PresenceDeps {
  sql: Sql
  /** Who sees when somebody is online: people who share a room, or everyone. */
  visibility: 'shared' | 'everyone'
}

/** What one sees of people one may not see. */
export function hiddenPresence (userId: string): Presence {
  return { userId, status: 'offline', lastSeenAt: null }
}

/** Who may see whom, and what outlives Redis: when somebody was seen last. */
export function createPresenceRules ({ sql, visibility }: PresenceDeps) {
  /** Those pairs of which the one may see the other; in a single statement. */
  async function filterVisible<P extends Pair> (pairs: P[]): Promise<P[]> {
    if (visibility === 'everyone') return pairs
    const others = pairs.filter(({ viewerId, userId }) => viewerId !== userId)
    if (others.length === 0) return pairs
    const sharing = await findSharingPairs(sql, others.map(({ viewerId }) => viewerId), others.map(({ userId }) => userId))
    const visible = new Set<Pair | undefined>(sharing.map((index) => others[index]))
    return pairs.filter((pair) => pair.viewerId === pair.userId || visible.has(pair))
  }

  return {
    filterVisible,

    /** Those of these people whom the viewer may see. */
    async visibleTo (viewerId: string, userIds: string[]): Promise<Set<string>> {
      const visible = await filterVisible(userIds.map((userId) => ({ viewerId, userId })))
      return new Set(visible.map(({ userId }) => userId))
    },

    /**
     * Everybody in a room, for one of them.
     *
     * @throws `room.not_found` or, for a public room, `request.forbidden` when the viewer is not in it.
     */
    async membersFor (viewerId: string, roomId: string): Promise<string[]> {
      await requireMember(sql, roomId, viewerId)
      return await listMemberIds(sql, roomId)
    },

    /** When these were seen last, ISO 8601; nothing of those who never were. */
    readLastSeen: (userIds: string[]) => readLastSeen(sql, userIds),

    async saveLastSeen (departures: Array<{ userId: string, atMs: number }>): Promise<void> {
      await saveLastSeen(sql, departures.map(({ userId }) => userId), departures.map(({ atMs }) => atMs))
    }
  }
}

export type PresenceRules = ReturnType<typeof createPresenceRules>
