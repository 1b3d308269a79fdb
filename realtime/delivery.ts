import type { RoomEvent } from '../contract/index.ts'
import { toFrames } from './frames.ts'
import type { Memberships } from './memberships.ts'
import { roomName } from './names.ts'
import type { ParleyServer } from './server.ts'
import type { Typing } from './typing.ts'

interface DeliveryDeps {
  io: ParleyServer
  memberships: Memberships
  typing: Typing
  onDue: (count: number) => void
  /** Somebody is not in a room any more: others may see less of them. */
  onMoved: (userId: string) => void
}

/** Sends what is due to this node's sockets in a room, each frame encoded once. */
export function createDelivery ({ io, memberships, typing, onDue, onMoved }: DeliveryDeps) {
  function send (roomId: string, events: RoomEvent[]): void {
    if (events.length === 0) return
    for (const frame of toFrames(events)) {
      io.local.to(roomName(roomId)).emit('room:events', { roomId, events: frame })
    }
  }

  return (roomId: string, events: RoomEvent[]): void => {
    onDue(events.length)
    let start = 0
    events.forEach((event, index) => {
      switch (event.type) {
        case 'message.sent':
          typing.heard(roomId, event.actorId, false)
          break
        case 'member.joined':
          memberships.refreshIfHere(event.data.userId)
          break
        case 'member.left':
          // Whoever left sees what came before, and neither this nor anything after it.
          send(roomId, events.slice(start, index))
          start = index
          memberships.leave(roomId, event.data.userId)
          onMoved(event.data.userId)
          typing.heard(roomId, event.data.userId, false)
          break
      }
    })
    send(roomId, start === 0 ? events : events.slice(start))
  }
}
