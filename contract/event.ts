import { Type, type Static, type TProperties } from 'typebox'
import { Attachment } from './attachment.ts'
import { Mentions } from './message.ts'
import { Id, Nullable, Seq, Timestamp } from './primitives.ts'
import { Role } from './room.ts'

function RoomEventOf<Kind extends string, Data extends TProperties> (type: Kind, data: Data) {
  return Type.Object({
    roomId: Id,
    seq: Seq,
    /** Made by the sender; names the command for retries. */
    id: Id,
    type: Type.Literal(type),
    actorId: Id,
    at: Timestamp,
    data: Type.Object(data)
  })
}

/** What a room's log holds. `text` is null once the message was deleted, or once a later edit replaced it; `mentions` goes with it, and is left out where there are none. */
export const RoomEvent = Type.Union([
  RoomEventOf('message.sent', { text: Nullable(Type.String()), replyTo: Type.Optional(Seq), mentions: Type.Optional(Mentions), attachments: Type.Optional(Type.Array(Attachment)) }),
  RoomEventOf('message.edited', { seq: Seq, text: Nullable(Type.String()), mentions: Type.Optional(Mentions) }),
  RoomEventOf('message.deleted', { seq: Seq }),
  RoomEventOf('reaction.added', { seq: Seq, emoji: Type.String() }),
  RoomEventOf('reaction.removed', { seq: Seq, emoji: Type.String() }),
  /** `mutedUntil` for somebody who left while muted, and comes back before that. */
  RoomEventOf('member.joined', { userId: Id, role: Role, mutedUntil: Type.Optional(Timestamp) }),
  RoomEventOf('member.left', { userId: Id }),
  /** A role was changed or, where it says `mutedUntil`, a mute: null once it is lifted. A mute that passes makes no event. */
  RoomEventOf('member.changed', { userId: Id, role: Role, mutedUntil: Type.Optional(Nullable(Timestamp)) }),
  /** `archivedAt` where it was archived, or opened again (null). */
  RoomEventOf('room.changed', {
    name: Type.Optional(Type.String()), topic: Type.Optional(Type.String()), archivedAt: Type.Optional(Nullable(Timestamp))
  })
])
export type RoomEvent = Static<typeof RoomEvent>

export type RoomEventType = RoomEvent['type']

/** A page of a room's log, ascending and without a gap. */
export const EventPage = Type.Object({
  events: Type.Array(RoomEvent),
  lastSeq: Type.Integer({ minimum: 0 }),
  epoch: Type.String()
})
export type EventPage = Static<typeof EventPage>
