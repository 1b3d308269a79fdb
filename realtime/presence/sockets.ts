import type { Handlers } from '../command.ts'
import type { DisconnectCause, PresenceService } from './service.ts'

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

/** The commands of presence. */
export function presenceHandlers (presence: PresenceService) {
  return {
    'presence:watch': async ({ userIds }, { socket, actor }) => ({ users: await presence.watch(socket.id, actor.userId, userIds) }),
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
