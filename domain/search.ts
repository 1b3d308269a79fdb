import type { Message } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import { searchMessages, type Search, type SearchPlace } from '../db/queries/search.ts'
import { requireMember } from './access.ts'
import type { Actor } from './actor.ts'
import { decodeCursor, encodeCursor, isUuid } from './cursor.ts'
import { createGate } from './gate.ts'

/** Many common words take Postgres seconds: whoever asks for them keeps neither its connections nor the next one waiting. */
const searching = { atOnce: 2, waiting: 300, retryAfterMs: 2000 }

interface Found {
  results: Array<{ message: Message, roomId: string }>
  cursor: string | null
}

const isPlace = (value: unknown): value is SearchPlace =>
  typeof value === 'object' && value !== null && 'atMs' in value && isTime(value.atMs) &&
  'roomId' in value && isUuid(value.roomId) && 'seq' in value && Number.isSafeInteger(value.seq)

/** Any other number may be no time for Postgres. */
const isTime = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= Date.parse('9999-12-31')

/** Finds messages by their words, in rooms that one is in. */
export function createSearch ({ sql }: { sql: Sql }) {
  const inTurn = createGate(searching)

  /** Asks for one more than the page holds, to know whether there is a next. */
  async function find (actor: Actor, query: string, search: Omit<Search, 'words'>, cursorOf: (last: Message) => string): Promise<Found> {
    const words = toWords(query)
    const messages = await inTurn(actor.userId, () => searchMessages(sql, actor.userId, { ...search, words, limit: search.limit + 1 }))
    const page = messages.slice(0, search.limit)
    const last = page.at(-1)
    return {
      results: page.map((message) => ({ message, roomId: message.roomId })),
      cursor: messages.length > page.length && last ? cursorOf(last) : null
    }
  }

  return {
    async inRoom (actor: Actor, roomId: string, { query, before, limit }: { query: string, before?: number, limit: number }): Promise<Found> {
      await requireMember(sql, roomId, actor.userId)
      return await find(actor, query, { roomId, before, limit }, ({ seq }) => `${seq}`)
    },

    async everywhere (actor: Actor, { query, cursor, limit }: { query: string, cursor?: string, limit: number }): Promise<Found> {
      const after = decodeCursor(cursor, isPlace)
      return await find(actor, query, { after, limit }, ({ at, roomId, seq }) => encodeCursor({ atMs: Date.parse(at), roomId, seq }))
    }
  }
}

/** Each once: the last one stays the last. */
function toWords (query: string): string[] {
  const words = query.split(/\s+/).filter((word) => word !== '')
  return [...new Set(words.slice(0, -1)), ...words.slice(-1)]
}
