import type { Presence } from '../../contract/index.ts'
import { byPartition } from './keys.ts'
import type { Partition } from './partition.ts'
import type { News, Store } from './store.ts'

export interface ReaderOptions {
  partitions: Partition[]
  store: Store
  leaseMs: number
  readLastSeen: (userIds: string[]) => Promise<Map<string, string>>
  onFailure: (error: unknown) => void
}

/** People read by one run of the script. */
const batchSize = 500

export type Reader = ReturnType<typeof createReader>

/** As the contract says it. `lastSeenAt` of whoever is here is when that was seen to begin; null where nobody knows. */
export function toPresence ({ userId, status, atMs }: News, lastSeen?: Map<string, string>): Presence {
  return { userId, status, lastSeenAt: atMs > 0 ? new Date(atMs).toISOString() : lastSeen?.get(userId) ?? null }
}

export function createReader ({ partitions, store, leaseMs, readLastSeen, onFailure }: ReaderOptions) {
  async function askBatch (index: number, userIds: string[]): Promise<News[]> {
    try {
      const news = await partitions[index]?.ask((key) => store.read(key, leaseMs, userIds))
      if (news) return news
    } catch (error) {
      onFailure(error)
    }
    return userIds.map(unknown)
  }

  return {
    /** How they are, in the order asked; `unknown` of whoever cannot be asked about. */
    async ask (userIds: string[]): Promise<News[]> {
      const asked = [...byPartition(userIds)].flatMap(([index, members]) =>
        batches(members).map((batch) => askBatch(index, batch)))
      const found = new Map((await Promise.all(asked)).flat().map((news) => [news.userId, news]))
      return userIds.map((userId) => found.get(userId) ?? unknown(userId))
    },

    /** With the time from Postgres of those who have long been gone. */
    async complete (news: News[]): Promise<Presence[]> {
      const gone = news.filter(({ status, atMs }) => status === 'offline' && atMs === 0).map(({ userId }) => userId)
      const lastSeen = gone.length > 0 ? await readLastSeen(gone) : undefined
      return news.map((item) => toPresence(item, lastSeen))
    }
  }
}

function unknown (userId: string): News {
  return { userId, status: 'unknown', atMs: 0, version: 0 }
}

function batches (userIds: string[]): string[][] {
  return Array.from({ length: Math.ceil(userIds.length / batchSize) }, (_, index) =>
    userIds.slice(index * batchSize, (index + 1) * batchSize))
}
