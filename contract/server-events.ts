import { Type, type Static } from 'typebox'
import { RoomEvent } from './event.ts'
import { Presence } from './presence.ts'
import { Id, Seq } from './primitives.ts'
import { RoomState } from './room.ts'
import { endReasons, Session } from './session.ts'
import { Account } from './user.ts'

/** What the server tells a socket without being asked. */
export const serverEvents = {
  /** Once per connection, before any `room:events` of it; at most 500 rooms. */
  'session:ready': Type.Object({
    user: Account,
    session: Session,
    node: Type.String(),
    rooms: Type.Array(RoomState),
    hasMore: Type.Boolean()
  }),
  /** Strictly ascending, no gap, no repeat, per room and connection. */
  'room:events': Type.Object({ roomId: Id, events: Type.Array(RoomEvent) }),
  /** My membership began, on all my sockets; precedes the room's events. */
  'room:joined': RoomState,
  /** My membership ended, or the room did. */
  'room:left': Type.Object({ roomId: Id }),
  /** Read elsewhere: on my other sockets. */
  'read:marked': Type.Object({ roomId: Id, seq: Seq }),
  'typing:changed': Type.Object({ roomId: Id, userId: Id, isTyping: Type.Boolean() }),
  'presence:changed': Type.Object({ users: Type.Array(Presence) }),
  /** Then the server disconnects the socket: do not come back without signing in. */
  'session:ended': Type.Object({ reason: Type.Enum([...endReasons]) }),
  /** Stay; the transport is closed after that time and the client reconnects, elsewhere. */
  'server:draining': Type.Object({ reconnectAfterMs: Type.Integer({ minimum: 0 }) })
} as const

export type ServerEventName = keyof typeof serverEvents
export type ServerEventPayload<Name extends ServerEventName> = Static<typeof serverEvents[Name]>
