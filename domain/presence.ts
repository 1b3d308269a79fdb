import type { Presence } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import { findSharedRooms, listMemberIds, readLastSeen, saveLastSeen } from '../db/queries/presence.ts'
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
  /** Those pairs of which the one may see the other, each with a room that they share where they need one; in a single statement. */
  async function findVisible<P extends Pair> (pairs: P[]): Promise<Map<P, string | undefined>> {
    const others = visibility === 'everyone' ? [] : pairs.filter(({ viewerId, userId }) => viewerId !== userId)
    const visible = new Map<P, string | undefined>()
    if (others.length > 0) {
      const shared = await findSharedRooms(sql, others.map(({ viewerId }) => viewerId), others.map(({ userId }) => userId))
      for (const { index, roomId } of shared) visible.set(others[index] as P, roomId)
    }
    for (const pair of pairs) if (visibility === 'everyone' || pair.viewerId === pair.userId) visible.set(pair, undefined)
    return visible
  }

  return {
    /** Those pairs of which the one may see the other. */
    async filterVisible<P extends Pair> (pairs: P[]): Promise<P[]> {
      const visible = await findVisible(pairs)
      return pairs.filter((pair) => visible.has(pair))
    },

    /** Those of these people whom the viewer may see, each with a room that they share where they need one. */
    async visibleTo (viewerId: string, userIds: string[]): Promise<Map<string, string | undefined>> {
      const visible = await findVisible(userIds.map((userId) => ({ viewerId, userId })))
      return new Map(Array.from(visible, ([{ userId }, roomId]) => [userId, roomId]))
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
