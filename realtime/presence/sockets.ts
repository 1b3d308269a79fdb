import type { Handlers } from '../command.ts'
import type { Feed } from '../feed/feed.ts'
import { roomName, toRoomId } from '../names.ts'
import { toEventText, toFrame, type Tell } from '../outgoing.ts'
import type { ParleyServer, ParleySocket } from '../server.ts'
import type { ChangeListener, DisconnectCause, FollowedRooms, PresenceService } from './service.ts'

/** What Socket.IO says when a socket ends, where that tells more than that it broke off. */
const causes: Record<string, DisconnectCause> = {
  // Only whose session ended is disconnected by the server; every other closing is of the transport.
  'server namespace disconnect': 'logout',
  // Pings that went unanswered for longer than the grace.
  'ping timeout': 'silent'
}

export function causeOf (reason: string): DisconnectCause {
  return causes[reason] ?? 'dropped'
}

function roomsOf ({ rooms }: ParleySocket, feed: Feed): FollowedRooms {
  return {
    ids: () => [...rooms].flatMap((name) => toRoomId(name) ?? []),
    lifeOf: (roomId) => rooms.has(roomName(roomId)) ? feed.get(roomId)?.life : undefined
  }
}

/** Tells connections what has changed; it is encoded once for all who are told the same. */
export function tellChanges (io: ParleyServer, tell: Tell): ChangeListener {
  const { sockets } = io.of('/')
  return (connectionIds, users) => {
    const text = toEventText('presence:changed', JSON.stringify({ users }))
    const frame = toFrame(`4${text}`)
    for (const id of connectionIds) {
      const socket = sockets.get(id)
      if (socket) tell(socket.conn, text, frame)
    }
  }
}

/** The commands of presence. */
export function presenceHandlers (presence: PresenceService, feed: Feed) {
  return {
    'presence:watch': async ({ userIds }, { socket, actor }) => ({
      users: await presence.watch(socket.id, actor.userId, userIds, roomsOf(socket, feed))
    }),
    async 'presence:unwatch' ({ userIds }, { socket }) {
      presence.unwatch(socket.id, userIds)
      return {}
    },
    async 'presence:set' ({ status }, { socket }) {
      await presence.setStatus(socket.id, status)
      return {}
    }
  } satisfies Partial<Handlers>
}
