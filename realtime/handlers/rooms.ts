import { ContractError, type RoomState } from '../../contract/index.ts'
import type { Domain } from '../../domain/index.ts'
import type { Handlers } from '../command.ts'
import type { Feed } from '../feed/feed.ts'
import type { Memberships } from '../memberships.ts'
import { toState } from '../room-state.ts'

type Names = 'room:join' | 'room:leave' | 'read:mark'

export function roomHandlers ({ access, members }: Domain, feed: Feed, memberships: Memberships): Pick<Handlers, Names> {
  return {
    'room:join': async ({ roomId }, { actor, socket }) => {
      const joining = socket.data.joining ??= new Map<string, RoomState | undefined>()
      joining.set(roomId, undefined)
      try {
        await members.put(actor, roomId, actor.userId)
        await memberships.refresh(actor.userId)
        const membership = await members.membership(actor.userId, roomId)
        if (!membership) {
          // Out again already, by another socket of theirs.
          await access.requireMember(actor, roomId)
          throw new ContractError('room.not_found')
        }
        const joined = joining.get(roomId)
        return () => {
          const state = joined ?? toState(feed, membership)
          if (!state) throw new ContractError('room.not_found')
          return state
        }
      } finally {
        joining.delete(roomId)
      }
    },

    'room:leave': async ({ roomId }, { actor }) => {
      await members.remove(actor, roomId, actor.userId)
      return {}
    },

    'read:mark': ({ roomId, seq }, { actor }) => members.markRead(actor, roomId, seq)
  }
}
