import { Type, type Static } from 'typebox'
import { RoomEvent } from './event.ts'
import { limits } from './limits.ts'
import { AttachmentIds, Emoji, Message, MessageText, SentText } from './message.ts'
import { Presence } from './presence.ts'
import { Exactly, Id, Nullable, Seq, SeqOrZero } from './primitives.ts'
import { RoomState } from './room.ts'

const Nothing = Type.Object({})
const InRoom = Exactly({ roomId: Id })
const Reacting = Exactly({ roomId: Id, id: Id, seq: Seq, emoji: Emoji })
/** Null where there was nothing to do and never had been. */
const MaybeEvent = Type.Object({ event: Nullable(RoomEvent) })
const UserIds = Exactly({ userIds: Type.Array(Id, { maxItems: limits.presenceUsers }) })
const Pictures = Type.Object({ users: Type.Array(Presence) })

export const SyncedRoom = Type.Object({
  roomId: Id,
  events: Type.Array(RoomEvent),
  lastSeq: SeqOrZero,
  epoch: Type.String(),
  hasMore: Type.Boolean(),
  /** The log cannot be continued from `after`: forget it and read anew from these events. */
  reset: Type.Optional(Type.Literal(true))
})
export type SyncedRoom = Static<typeof SyncedRoom>

/** What a socket may ask: `(payload, ack)`, acked with `{ok: true, data}` or `{ok: false, error}`. */
export const commands = {
  /** Acked only after Postgres has committed. Without attachments the text must not be empty. A repeated id is answered with the message that it named first. */
  'message:send': {
    payload: Exactly({ roomId: Id, id: Id, text: SentText, replyTo: Type.Optional(Seq), attachmentIds: Type.Optional(AttachmentIds) }),
    data: Type.Object({ message: Message })
  },
  /** Replaces the text (author). */
  'message:edit': {
    payload: Exactly({ roomId: Id, id: Id, seq: Seq, text: MessageText }),
    data: Type.Object({ event: RoomEvent })
  },
  /** Deletes it: it stands with text null (author, owner, admin). */
  'message:delete': {
    payload: Exactly({ roomId: Id, id: Id, seq: Seq }),
    data: Type.Object({ event: RoomEvent })
  },
  /** A reaction that stands already makes no event: the answer is the one that added it. */
  'reaction:add': { payload: Reacting, data: MaybeEvent },
  /** A reaction that does not stand makes no event: the answer's is null. */
  'reaction:remove': { payload: Reacting, data: MaybeEvent },
  /** Enters a public room, on all my sockets; the first live event is `lastSeq` + 1. */
  'room:join': {
    payload: InRoom,
    data: RoomState
  },
  /** Leaves, on all my sockets. */
  'room:leave': { payload: InRoom, data: Nothing },
  /** What I have missed of these rooms; again while `hasMore`. The next live event follows the last one directly. When I may not read one of them all are refused, and `details` names those. */
  'room:sync': {
    payload: Exactly({
      rooms: Type.Array(
        Exactly({ roomId: Id, after: SeqOrZero, epoch: Type.Optional(Type.String({ maxLength: 64, wellFormed: true })) }),
        { maxItems: limits.syncRooms }
      )
    }),
    data: Type.Object({ rooms: Type.Array(SyncedRoom) })
  },
  /** I have read up to this seq: never back, never past the end. */
  'read:mark': { payload: Exactly({ roomId: Id, seq: SeqOrZero }), data: Type.Object({ readSeq: SeqOrZero }) },
  /** Ends by itself after 6 s; say it again before. */
  'typing:start': { payload: InRoom, data: Nothing },
  /** Also ends with a message. */
  'typing:stop': { payload: InRoom, data: Nothing },
  /** How these people are; from now on `presence:changed` says what changes. */
  'presence:watch': { payload: UserIds, data: Pictures },
  /** No more of these. */
  'presence:unwatch': { payload: UserIds, data: Nothing },
  /** Of this connection: a person is away when all of theirs are. */
  'presence:set': { payload: Exactly({ status: Type.Enum(['online', 'away']) }), data: Nothing }
} as const

export type CommandName = keyof typeof commands
export type CommandPayload<Name extends CommandName> = Static<typeof commands[Name]['payload']>
export type CommandData<Name extends CommandName> = Static<typeof commands[Name]['data']>
