import { Type, type Static } from 'typebox'
import { RoomEvent } from './event.ts'
import { limits } from './limits.ts'
import { Emoji, Message, MessageText } from './message.ts'
import { Presence } from './presence.ts'
import { Exactly, Id, Nullable, Seq, SeqOrZero } from './primitives.ts'
import { Room } from './room.ts'

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
  'message:send': {
    payload: Exactly({ roomId: Id, id: Id, text: MessageText, replyTo: Type.Optional(Seq) }),
    data: Type.Object({ message: Message })
  },
  'message:edit': {
    payload: Exactly({ roomId: Id, id: Id, seq: Seq, text: MessageText }),
    data: Type.Object({ event: RoomEvent })
  },
  'message:delete': {
    payload: Exactly({ roomId: Id, id: Id, seq: Seq }),
    data: Type.Object({ event: RoomEvent })
  },
  'reaction:add': { payload: Reacting, data: MaybeEvent },
  'reaction:remove': { payload: Reacting, data: MaybeEvent },
  'room:join': {
    payload: InRoom,
    data: Type.Object({ room: Room, lastSeq: SeqOrZero, epoch: Type.String(), readSeq: SeqOrZero, unread: Type.Integer() })
  },
  'room:leave': { payload: InRoom, data: Nothing },
  'room:sync': {
    payload: Exactly({
      rooms: Type.Array(
        Exactly({ roomId: Id, after: SeqOrZero, epoch: Type.Optional(Type.String({ maxLength: 64, wellFormed: true })) }),
        { maxItems: limits.syncRooms }
      )
    }),
    data: Type.Object({ rooms: Type.Array(SyncedRoom) })
  },
  'read:mark': { payload: Exactly({ roomId: Id, seq: SeqOrZero }), data: Type.Object({ readSeq: SeqOrZero }) },
  'typing:start': { payload: InRoom, data: Nothing },
  'typing:stop': { payload: InRoom, data: Nothing },
  'presence:watch': { payload: UserIds, data: Pictures },
  'presence:unwatch': { payload: UserIds, data: Nothing },
  'presence:set': { payload: Exactly({ status: Type.Enum(['online', 'away']) }), data: Nothing }
} as const

export type CommandName = keyof typeof commands
export type CommandPayload<Name extends CommandName> = Static<typeof commands[Name]['payload']>
export type CommandData<Name extends CommandName> = Static<typeof commands[Name]['data']>
