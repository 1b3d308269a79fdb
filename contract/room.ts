import { Type, type Static } from 'typebox'
import { Id, Nullable, SeqOrZero, Timestamp, Words } from './primitives.ts'
import { User } from './user.ts'

export const RoomKind = Type.Enum(['public', 'private', 'direct'])
export type RoomKind = Static<typeof RoomKind>

export const Role = Type.Enum(['owner', 'admin', 'member'])
export type Role = Static<typeof Role>

export const RoomName = Words(1, 80)
export const Topic = Words(0, 250)

export const Room = Type.Object({
  id: Id,
  kind: RoomKind,
  /** Null for a direct room, which is named by its two members. */
  name: Nullable(Type.String()),
  topic: Nullable(Type.String()),
  createdAt: Timestamp,
  memberCount: Type.Integer(),
  /** Since when it is only read; null while it is open. */
  archivedAt: Nullable(Timestamp),
  /** The two people of a direct room; absent in rooms of other kinds. */
  userIds: Type.Optional(Type.Array(Id))
})
export type Room = Static<typeof Room>

/** A room and where one stands in it. `unread` counts others' `message.sent` after `readSeq`, `unreadMentions` those that mention me, up to a hundred. */
export const RoomState = Type.Object({
  room: Room,
  lastSeq: SeqOrZero,
  epoch: Type.String(),
  readSeq: SeqOrZero,
  unread: Type.Integer({ minimum: 0 }),
  unreadMentions: Type.Integer({ minimum: 0 })
})
export type RoomState = Static<typeof RoomState>

/** The `mutedUntil` of somebody who is muted until it is lifted. */
export const untilLifted = '9999-12-31T23:59:59.999Z'

export const Member = Type.Object({
  userId: Id,
  role: Role,
  joinedAt: Timestamp,
  /** Until then they read and do not speak; `9999-12-31T23:59:59.999Z`: until it is lifted. Null: they may speak. */
  mutedUntil: Nullable(Timestamp),
  user: User
})
export type Member = Static<typeof Member>

/** Somebody who may not come in again until it is lifted; `bannedBy` is a user's id. */
export const Ban = Type.Object({
  userId: Id,
  user: User,
  bannedBy: Id,
  bannedAt: Timestamp,
  reason: Nullable(Type.String())
})
export type Ban = Static<typeof Ban>
