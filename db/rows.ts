import type { Attachment, Message, Room, RoomEvent, RoomEventType, RoomKind } from '../contract/index.ts'

export function toTimestamp (ms: number): string {
  return new Date(ms).toISOString()
}

/** What a message is beside its text: `data` of its row, null where there is nothing of it. */
export interface MessageExtras {
  mentions?: string[]
  attachments?: Attachment[]
}

export interface EventRow {
  roomId: string
  seq: number
  id: string
  type: RoomEventType
  actorId: string
  atMs: number
  text: string | null
  replyTo: number | null
  targetSeq: number | null
  data: Record<string, unknown> | null
}

export function toRoomEvent (row: EventRow): RoomEvent {
  const { roomId, seq, id, type, actorId, atMs } = row
  return { roomId, seq, id, type, actorId, at: toTimestamp(atMs), data: toEventData(row) } as RoomEvent
}

function toEventData ({ type, text, replyTo, targetSeq, data }: EventRow): Record<string, unknown> {
  switch (type) {
    case 'message.sent': return { text, ...(replyTo !== null && { replyTo }), ...data }
    case 'message.edited': return { seq: targetSeq, text, ...data }
    case 'message.deleted': return { seq: targetSeq }
    case 'reaction.added':
    case 'reaction.removed': return { seq: targetSeq, ...data }
    default: return data ?? {}
  }
}

export interface MessageRow {
  roomId: string
  seq: number
  id: string
  authorId: string
  text: string | null
  replyTo: number | null
  reactions: Message['reactions'] | null
  data: MessageExtras | null
  atMs: number
  editedAtMs: number | null
  deletedAtMs: number | null
}

export function toMessage ({ atMs, editedAtMs, deletedAtMs, reactions, data, ...row }: MessageRow): Message {
  return {
    ...row,
    reactions: reactions ?? [],
    mentions: data?.mentions ?? [],
    attachments: data?.attachments ?? [],
    at: toTimestamp(atMs),
    editedAt: editedAtMs === null ? null : toTimestamp(editedAtMs),
    deletedAt: deletedAtMs === null ? null : toTimestamp(deletedAtMs)
  }
}

export interface RoomRow {
  id: string
  kind: RoomKind
  name: string | null
  topic: string | null
  directKey: string | null
  createdAtMs: number
  memberCount: number
  archivedAtMs: number | null
}

export function toRoom ({ id, kind, name, topic, directKey, createdAtMs, memberCount, archivedAtMs }: RoomRow): Room {
  return {
    id,
    kind,
    name,
    topic,
    createdAt: toTimestamp(createdAtMs),
    memberCount,
    archivedAt: archivedAtMs === null ? null : toTimestamp(archivedAtMs),
    ...(directKey !== null && { userIds: directKey.split(':') })
  }
}
