import postgres from 'postgres'
import type { RoomEvent } from '../../contract/index.ts'
import { groupBy } from './group.ts'

/** What Postgres holds of a room in the end. */
export interface RoomTruth {
  roomId: string
  name: string
  epoch: string
  lastSeq: number
  memberIds: Set<string>
  /** By seq; texts as the log gives them: null where an edit replaced or a deletion took them. */
  events: RoomEvent[]
  /** What each message says now, by seq: null once deleted. */
  texts: Map<number, string | null>
}

export type Truth = Map<string, RoomTruth>

interface EventRow {
  roomId: string
  seq: number
  id: string
  type: RoomEvent['type']
  actorId: string
  at: Date
  text: string | null
  replyTo: number | null
  editSeq: number | null
  targetSeq: number | null
  data: object | null
}

/** Reads all rooms with statements of its own, so that it does not share a mistake with the server. */
export async function readTruth (databaseUrl: string): Promise<Truth> {
  const sql = postgres(databaseUrl, { max: 1, connect_timeout: 10, types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } } })
  try {
    const rooms = await sql<Array<{ id: string, name: string, epoch: string, lastSeq: number }>>`
      select id, coalesce(name, '') as name, epoch, last_seq as "lastSeq" from rooms`
    const members = await sql<Array<{ roomId: string, userId: string }>>`
      select room_id as "roomId", user_id as "userId" from members`
    const rows = await sql<EventRow[]>`
      select room_id as "roomId", seq, id, type, actor_id as "actorId", at, text, reply_to as "replyTo",
        edit_seq as "editSeq", target_seq as "targetSeq", data
      from room_events order by room_id, seq`
    const rowsOf = groupBy(rows, ({ roomId }) => roomId)
    const membersOf = groupBy(members, ({ roomId }) => roomId)
    return new Map(rooms.map(({ id, ...room }) => {
      const memberIds = new Set(membersOf.get(id)?.map(({ userId }) => userId))
      return [id, { roomId: id, ...room, memberIds, ...toLog(rowsOf.get(id) ?? []) }]
    }))
  } finally {
    await sql.end({ timeout: 1 })
  }
}

function toLog (rows: EventRow[]): { events: RoomEvent[], texts: Map<number, string | null> } {
  const messages = new Map(rows.filter(({ type }) => type === 'message.sent').map((row) => [row.seq, row]))
  const events = rows.map((row) => {
    const { roomId, seq, id, type, actorId, at } = row
    return { roomId, seq, id, type, actorId, at: at.toISOString(), data: dataOf(row, messages) } as RoomEvent
  })
  return { events, texts: new Map([...messages].map(([seq, { text }]) => [seq, text])) }
}

function dataOf (row: EventRow, messages: Map<number, EventRow>): object {
  const { type, text, replyTo, editSeq, targetSeq, seq, data } = row
  switch (type) {
    case 'message.sent': return { text: editSeq === null ? text : null, ...(replyTo !== null && { replyTo }) }
    case 'message.edited': {
      const target = messages.get(targetSeq ?? 0)
      return { seq: targetSeq, text: target?.editSeq === seq ? target.text : null }
    }
    default: return { ...(targetSeq !== null && { seq: targetSeq }), ...data }
  }
}
