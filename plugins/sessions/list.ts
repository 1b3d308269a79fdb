import type { LiveSession, SessionLifetimes } from '../../domain/session.ts'
import type { RedisClients } from '../redis.ts'

/** A login that is listed but not saved yet looks like a session that has expired. */
const graceMs = 60_000

/**
 * Which sessions a user has: a sorted set of sids by their beginning. It may name sessions that are no more, which
 * expire without telling it; the sessions themselves are the truth, and readers drop what they do not find.
 */
export class SessionList {
  readonly #redis: RedisClients
  readonly #maxMs: number

  constructor (redis: RedisClients, { maxMs }: SessionLifetimes) {
    this.#redis = redis
    this.#maxMs = maxMs
  }

  /** @returns how many the list names now. */
  async add ({ userId, sid, createdAt }: LiveSession): Promise<number> {
    const key = this.#keyOf(userId)
    const results = await this.#redis.commands.multi()
      .zremrangebyscore(key, '-inf', String(Date.now() - this.#maxMs))
      .zadd(key, createdAt, sid)
      .pexpire(key, this.#maxMs)
      .zcard(key)
      .exec()
    for (const [error] of results ?? []) if (error) throw error
    return Number(results?.at(-1)?.[1])
  }

  /** The sids, the oldest session first. */
  async read (userId: string): Promise<string[]> {
    return await this.#redis.commands.zrange(this.#keyOf(userId), '0', '-1')
  }

  async remove ({ userId, sid }: LiveSession): Promise<void> {
    await this.#redis.commands.zrem(this.#keyOf(userId), sid)
  }

  /** Removes those that were not found, unless they may be just about to begin. */
  async prune (userId: string, sids: string[]): Promise<void> {
    if (sids.length === 0) return
    const key = this.#keyOf(userId)
    const scores = await this.#redis.commands.zmscore(key, ...sids)
    const gone = sids.filter((_, index) => Number(scores[index] ?? 0) < Date.now() - graceMs)
    if (gone.length > 0) await this.#redis.commands.zrem(key, ...gone)
  }

  #keyOf (userId: string): string {
    return this.#redis.name('sessions-of', userId)
  }
}
