import { limits } from '../contract/index.ts'
import type { Channels } from './feed/channels.ts'
import type { Memberships } from './memberships.ts'
import { roomName } from './names.ts'
import type { ParleyServer } from './server.ts'

/**
 * Who is typing. Travels over the room's own channel, so that only nodes with somebody in the room hear of it, and ends
 * on each node by itself: nobody types for ever because a node died.
 */
export function createTyping (io: ParleyServer, memberships: () => Pick<Memberships, 'socketIdsOf'>) {
  const timers = new Map<string, NodeJS.Timeout>()

  function tell (roomId: string, userId: string, isTyping: boolean): void {
    io.local.to(roomName(roomId)).except(memberships().socketIdsOf(userId)).emit('typing:changed', { roomId, userId, isTyping })
  }

  /** Takes in that somebody types, or has stopped; tells only what is news. */
  function heard (roomId: string, userId: string, isTyping: boolean): void {
    const key = `${roomId} ${userId}`
    const timer = timers.get(key)
    if (timer === undefined && !isTyping) return
    clearTimeout(timer)
    timers.delete(key)
    if (isTyping) timers.set(key, setTimeout(() => { heard(roomId, userId, false) }, limits.typingMs))
    if (isTyping !== (timer !== undefined)) tell(roomId, userId, isTyping)
  }

  return {
    heard,

    /** Says it here and to the other nodes. */
    say (channels: Channels, roomId: string, userId: string, isTyping: boolean): void {
      heard(roomId, userId, isTyping)
      channels.publish(roomId, { typing: { userId, isTyping } })
    },

    stop (): void {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    }
  }
}

export type Typing = ReturnType<typeof createTyping>
