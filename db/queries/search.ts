import type { Message } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import { toMessage, type MessageRow } from '../rows.ts'
import { messageColumns } from './messages.ts'

/** Where a page of results goes on: after this message. */
export interface SearchPlace {
  atMs: number
  roomId: string
  seq: number
}

export interface Search {
  words: string[]
  /** In this room alone; else in all rooms of the viewer. */
  roomId?: string | undefined
  /** In one room. */
  before?: number | undefined
  /** Over all rooms. */
  after?: SearchPlace | undefined
  limit: number
}

/**
 * All words, the last of them as the beginning of one. What people type is never read as an expression: the parser that
 * takes texts apart takes it apart as well. It splits `ann@exa` where it keeps `ann@example.com` whole, so that the last
 * word may also be the beginning of what it kept.
 */
function toQuery (sql: Sql, words: string[]) {
  const parsed = sql`(nullif(plainto_tsquery('simple', ${words.join(' ')})::text, '') || ':*')::tsquery`
  const last = `'${(words.at(-1) ?? '').toLowerCase().replace(/['\\]/g, '$&$&')}':*`
  return sql`(${parsed} || (plainto_tsquery('simple', ${words.slice(0, -1).join(' ')}) && ${last}::tsquery))`
}

/** Messages that a viewer may read, as they stand now, the newest first. The condition is that of the index `room_events_search`. */
export function searchStatement (sql: Sql, viewerId: string, { words, roomId, before, after, limit }: Search) {
  return sql`
    select ${messageColumns(sql, viewerId)} from room_events e
    where e.type = 'message.sent' and e.text is not null and to_tsvector('simple', e.text) @@ ${toQuery(sql, words)}
      and e.room_id in (select room_id from members where user_id = ${viewerId} ${roomId ? sql`and room_id = ${roomId}` : sql``})
      ${before === undefined ? sql`` : sql`and e.seq < ${before}`}
      ${after ? sql`and (e.at, e.room_id, e.seq) < (to_timestamp(${after.atMs}::float8 / 1000), ${after.roomId}::uuid, ${after.seq}::bigint)` : sql``}
    order by ${roomId ? sql`e.seq desc` : sql`e.at desc, e.room_id desc, e.seq desc`} limit ${limit}`
}

export async function searchMessages (sql: Sql, viewerId: string, search: Search): Promise<Message[]> {
  const rows = await searchStatement(sql, viewerId, search) as unknown as MessageRow[]
  return rows.map(toMessage)
}

/** Sorts in what the index `room_events_search` has been given since, while others go on writing. */
export async function sortInTexts (sql: Sql): Promise<void> {
  await sql`select gin_clean_pending_list('room_events_search')`
}
