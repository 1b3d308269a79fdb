import { callbackify } from 'node:util'
import { RedisStore } from 'connect-redis'
import type { Session as SessionData } from 'fastify'
import { ContractError, type EndReason } from '../../contract/index.ts'
import { isDue, movedOn, type LiveSession, type SessionLifetimes, type SessionRecord, type SessionStore } from '../../domain/session.ts'
import { loadScript } from '../lua.ts'
import type { RedisClients } from '../redis.ts'
import { endOf } from './data.ts'
import { SessionList } from './list.ts'

type Callback<T = void> = (error: unknown, result?: T) => void

/** For longer than any request takes. */
const tombstoneMs = 60_000
/** Redis answers within its command timeout: no batch may be so long that the last of it cannot, nor take much memory. */
const batchSize = 200
/** Of whoever ends within this time it is asked when. */
const soonMs = 60_000

export interface StoreOptions {
  redis: RedisClients
  lifetimes: SessionLifetimes
}

/**
 * Sessions in Redis, as @fastify/session and the verbs use them. A session lives in one key that expires with it; the
 * sid is the hash tag of its keys, so that every step is one script on one node of a Redis Cluster too.
 */
export class RedisSessionStore extends RedisStore implements SessionStore {
  readonly #redis: RedisClients
  readonly #lifetimes: SessionLifetimes
  readonly #list: SessionList
  readonly #save
  readonly #end
  readonly #moveOn

  constructor ({ redis, lifetimes }: StoreOptions) {
    super({ client: redis.commands, prefix: redis.name('session', '') })
    this.#redis = redis
    this.#lifetimes = lifetimes
    this.#list = new SessionList(redis, lifetimes)
    this.#save = loadScript(redis.commands, new URL('save.lua', import.meta.url))
    this.#end = loadScript(redis.commands, new URL('end.lua', import.meta.url))
    this.#moveOn = loadScript(redis.commands, new URL('move-on.lua', import.meta.url))
  }

  /** As @fastify/session asks at the beginning of a request: a request is a use. */
  override async get (sid: string, callback: Callback<SessionData | null>): Promise<void> {
    callbackify(() => this.#load(sid))(callback)
  }

  /** A session of nobody is not worth a key, and one that has ended stays ended. */
  override async set (sid: string, session: SessionData, callback: Callback): Promise<void> {
    callbackify(() => this.#saveRecord(sid, session.record))(callback)
  }

  override async destroy (sid: string, callback: Callback): Promise<void> {
    callbackify(() => this.#delete(sid, 'logout'))(callback)
  }

  async read (sid: string): Promise<LiveSession | null> {
    const record = await super.get(`{${sid}}`) as SessionRecord | null
    return record && record.expiresAt > Date.now() ? withSid(record, sid) : null
  }

  /** The same for many, in their order, by one question. */
  async readAll (sids: string[]): Promise<Array<LiveSession | null>> {
    const texts = await this.#readTexts(sids.map((sid) => this.#keysOf(sid)[0]))
    const now = Date.now()
    return texts.map((text, index) => {
      const record = text === null ? null : parseRecord(text)
      return record && record.expiresAt > now ? withSid(record, sids[index] as string) : null
    })
  }

  async use (sid: string): Promise<LiveSession | null> {
    const session = await this.read(sid)
    if (!session || !isDue(session, this.#lifetimes, Date.now())) return session
    const { sid: _, ...record } = session
    const next = movedOn(record, this.#lifetimes, Date.now())
    const standing = await this.#moveOn([this.#keysOf(sid)[0]], [JSON.stringify(record), JSON.stringify(next), next.expiresAt])
    if (typeof standing !== 'string') return null
    const moved = withSid(JSON.parse(standing) as SessionRecord, sid)
    await this.#list.add(moved)
    return moved
  }

  async enlist (session: LiveSession): Promise<number> {
    return await this.#list.add(session)
  }

  async listOf (userId: string): Promise<LiveSession[]> {
    const sids = await this.#list.read(userId)
    const sessions = await Promise.all(sids.map((sid) => this.read(sid)))
    await this.#list.prune(userId, sids.filter((_, index) => sessions[index] === null))
    return sessions.filter((session) => session !== null)
  }

  async end (session: LiveSession, reason: EndReason): Promise<void> {
    await this.#delete(session.sid, reason)
    await this.#list.remove(session)
  }

  async readFates (sessions: LiveSession[]): Promise<Array<number | EndReason>> {
    const fates: Array<number | EndReason> = []
    for (let start = 0; start < sessions.length; start += batchSize) {
      fates.push(...await this.#readBatch(sessions.slice(start, start + batchSize)))
    }
    return fates
  }

  /** Nearly always all are there, and none of them ends soon: to know this takes one command. */
  async #readBatch (sessions: LiveSession[]): Promise<Array<number | EndReason>> {
    const soon = Date.now() + soonMs
    const later = sessions.filter(({ expiresAt }) => expiresAt > soon)
    const isEachAsked = later.length < 2 || !await this.#areThere(later)
    const asked = isEachAsked ? sessions : sessions.filter(({ expiresAt }) => expiresAt <= soon)
    const fates = new Map(await Promise.all(asked.map(async ({ sid }) => [sid, await this.#readFate(sid)] as const)))
    return sessions.map(({ sid, expiresAt }) => fates.get(sid) ?? expiresAt)
  }

  async #areThere (sessions: LiveSession[]): Promise<boolean> {
    try {
      return await this.#redis.commands.exists(sessions.map(({ sid }) => this.#keysOf(sid)[0])) === sessions.length
    } catch (error) {
      if (isCrossSlot(error)) return false
      throw error
    }
  }

  async #readTexts (keys: string[]): Promise<Array<string | null>> {
    const { commands } = this.#redis
    try {
      return await commands.mget(keys)
    } catch (error) {
      if (!isCrossSlot(error)) throw error
      return await Promise.all(keys.map((key) => commands.get(key)))
    }
  }

  async #readFate (sid: string): Promise<number | EndReason> {
    const [key, tombstone] = this.#keysOf(sid)
    const expiresAt = await this.#redis.commands.pexpiretime(key)
    return expiresAt > 0 ? expiresAt : (await this.#redis.commands.get(tombstone) ?? 'expired') as EndReason
  }

  async #load (sid: string): Promise<SessionData | null> {
    const session = await this.use(sid)
    if (!session) return null
    const { sid: _, ...record } = session
    return { record, cookie: { originalMaxAge: null, expires: endOf(record, this.#lifetimes) } }
  }

  async #saveRecord (sid: string, record: SessionRecord | undefined): Promise<void> {
    if (!record) return
    const saved = await this.#save(this.#keysOf(sid), [JSON.stringify(record), record.expiresAt])
    if (saved !== 1) throw new ContractError('session.required')
  }

  async #delete (sid: string, reason: EndReason): Promise<void> {
    await this.#end(this.#keysOf(sid), [reason, tombstoneMs])
  }

  #keysOf (sid: string): [session: string, tombstone: string] {
    const key = this.#redis.name('session', `{${sid}}`)
    return [key, `${key}:ended`]
  }
}

/** A Redis Cluster says so of keys that lie apart: they must be asked for one by one. */
function isCrossSlot (error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('CROSSSLOT')
}

/** What cannot be read is no session, and nobody else's concern. */
function parseRecord (text: string): SessionRecord | null {
  try {
    return JSON.parse(text) as SessionRecord
  } catch {
    return null
  }
}

/** Written out, for there are many: of copies of what was parsed each would have a shape of its own, larger than itself. */
function withSid (record: SessionRecord, sid: string): LiveSession {
  const { id, userId, generation, createdAt, lastSeenAt, expiresAt, ip, userAgent } = record
  return { sid, id, userId, generation, createdAt, lastSeenAt, expiresAt, ip, userAgent }
}
