import { limits } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import { findMembersByName } from '../db/queries/mentions.ts'
import { createGather } from './gather.ts'

/** The names that one `@…` of a text may mean, the likeliest first. */
export type Call = string[]

/** Letters and digits before it make it part of something else, an address for one. */
const calls = /(?<![\p{L}\p{N}_])@([A-Za-z0-9_.-]+)(?![\p{L}\p{N}])/gu
const shortestName = 3
const longestName = 32
/** Names that are looked up for one text: what is made to call more calls nobody further. */
const mostNames = 200

/** What a text calls by `@username`, in its order. A point or hyphen at the end may belong to the name or to the sentence. */
export function findCalls (text: string): Call[] {
  if (!text.includes('@')) return []
  const words = [...text.matchAll(calls)].map(([, word = '']) => word.toLowerCase())
  let count = 0
  return [...new Set(words)].map(toNames).filter((names) => names.length > 0 && (count += names.length) <= mostNames)
}

function toNames (word: string): Call {
  let bare = word.length
  while (bare > 0 && '.-'.includes(word.charAt(bare - 1))) bare--
  const shortest = Math.max(bare, shortestName)
  const count = Math.max(0, Math.min(word.length, longestName) - shortest + 1)
  return Array.from({ length: count }, (_, index) => word.slice(0, shortest + index))
}

/** Finds out whom a text mentions. */
export function createMentions ({ sql }: { sql: Sql }) {
  /** By name; what is sent to many rooms at once is one question. */
  const findMembers = createGather({
    maxBatch: 64,
    async ask (asked: Array<{ roomId: string, usernames: string[] }>): Promise<Array<Map<string, string>>> {
      const found = await findMembersByName(sql, asked.flatMap(({ roomId, usernames }) => usernames.map((username) => ({ roomId, username }))))
      return asked.map(({ roomId }) => new Map(found.filter((member) => member.roomId === roomId).map(({ username, userId }) => [username, userId])))
    }
  })

  return {
    /** Members of the room, in the order of the text, without the author. */
    async find (roomId: string, authorId: string, calls: Call[]): Promise<string[]> {
      if (calls.length === 0) return []
      const members = await findMembers({ roomId, usernames: [...new Set(calls.flat())] })
      const userIds = calls.flatMap((names) => names.map((name) => members.get(name)).find((userId) => userId !== undefined) ?? [])
      return [...new Set(userIds)].filter((userId) => userId !== authorId).slice(0, limits.mentions)
    }
  }
}
