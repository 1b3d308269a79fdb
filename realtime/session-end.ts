import type { FastifyBaseLogger } from 'fastify'
import type { EndReason } from '../contract/index.ts'
import type { LiveSession } from '../domain/session.ts'
import type { Sessions } from '../domain/sessions.ts'
import type { ParleySocket } from './server.ts'

interface SessionEndDeps {
  sessions: Sessions
  log: FastifyBaseLogger
  onSocketEnded: () => void
  /** How long a session lives at most. */
  maxMs: number
}

/** How often the sessions of all sockets are looked after. */
export const recheckMs = 3000
/** Redis is asked of each session every so many rechecks: all in all well within the 10 s in which a socket must go. */
const turns = 2
/** Whoever expires so soon is awaited by a timer; so few are that the others need none. */
const soonMs = 2 * recheckMs
/** A handshake that has read its session takes no longer than this to become a socket. */
const rememberMs = 30_000

/** Closes the sockets of sessions that have ended. */
export function createSessionEnd ({ sessions, log, onSocketEnded, maxMs }: SessionEndDeps) {
  const endedLately = new Map<string, { reason: EndReason, timer: NodeJS.Timeout }>()
  const sockets = new Map<string, ParleySocket[]>()
  /** Only of sessions that may end before the next look at all. */
  const expiries = new Map<string, NodeJS.Timeout>()
  let round = 0

  function close (socket: ParleySocket, reason: EndReason): void {
    onSocketEnded()
    socket.emit('session:ended', { reason })
    socket.disconnect(true)
  }

  function end (sessionId: string, reason: EndReason): void {
    clearTimeout(endedLately.get(sessionId)?.timer)
    const timer = setTimeout(() => { endedLately.delete(sessionId) }, rememberMs).unref()
    endedLately.set(sessionId, { reason, timer })
    for (const socket of [...sockets.get(sessionId) ?? []]) close(socket, reason)
  }

  /** Settles when Postgres and Redis have been asked, or could not be; says whether Postgres could. */
  async function ask (live: LiveSession[], ofRedis: LiveSession[]): Promise<boolean> {
    const [byPostgres, byRedis] = await Promise.allSettled([sessions.findEnded(live), checkAlive(ofRedis)])
    for (const result of [byPostgres, byRedis]) {
      if (result.status === 'rejected') log.warn({ err: result.reason as unknown }, 'sessions could not be checked; trying again')
    }
    if (byPostgres.status === 'fulfilled') for (const { id, reason } of byPostgres.value) end(id, reason)
    return byPostgres.status === 'fulfilled'
  }

  /**
   * Looks after all sessions that have sockets here, at once, whether or not anybody said that one ended. Postgres is
   * asked of all of them each time: it is decisive, and knows also while Redis is away, or has brought a session back.
   * Redis is asked in turns, since it costs most and knows more only of what expires; of all of them without Postgres.
   */
  async function recheck (): Promise<void> {
    const now = Date.now()
    const live = everybody()
    if (live.length === 0) return
    endPastLimit(live, now)
    const turn = ++round % turns
    const soon = now + soonMs
    const isDue = ({ id, expiresAt }: LiveSession): boolean => id.charCodeAt(0) % turns === turn || expiresAt < soon
    const isKnown = await ask(live, live.filter(isDue))
    if (!isKnown) await ask([], live.filter((session) => !isDue(session)))
    for (const session of everybody()) endAtExpiry(session)
  }

  function everybody (): LiveSession[] {
    const live: LiveSession[] = []
    for (const [socket] of sockets.values()) if (socket) live.push(socket.data.session)
    return live
  }

  function known (sessionId: string): LiveSession | undefined {
    return sockets.get(sessionId)?.[0]?.data.session
  }

  async function checkAlive (asked: LiveSession[]): Promise<void> {
    const { alive, ended } = await sessions.checkAlive(asked)
    for (const { id, reason } of ended) end(id, reason)
    for (const session of alive) {
      // Most are as they were.
      if (known(session.id) === session) continue
      for (const socket of sockets.get(session.id) ?? []) socket.data.session = session
    }
  }

  /** However it is used, and whether or not anybody can be asked. */
  function endPastLimit (live: LiveSession[], now: number): void {
    for (const { id, createdAt } of live) if (now >= createdAt + maxMs) end(id, 'expired')
  }

  /** At its very end, if that is soon; one that cannot be asked about then is left to the next look at all. */
  function endAtExpiry ({ id, expiresAt }: LiveSession): void {
    const left = expiresAt - Date.now()
    if (left <= 0 || left > soonMs || expiries.has(id)) return
    expiries.set(id, setTimeout(() => {
      expiries.delete(id)
      const session = known(id)
      if (session) void ask([session], [session]).then(() => { endAtExpiry(known(id) ?? session) })
    }, left + 20).unref())
  }

  return {
    end,
    recheck,

    /** Binds a new socket to its session; one that ended during the handshake ends the socket now. */
    bind (socket: ParleySocket): void {
      const { id } = socket.data.session
      const ended = endedLately.get(id)
      if (ended) return close(socket, ended.reason)
      const others = sockets.get(id)
      if (others) others.push(socket)
      else sockets.set(id, [socket])
      endAtExpiry(socket.data.session)
    },

    unbind (socket: ParleySocket): void {
      const { id } = socket.data.session
      const others = sockets.get(id)?.filter((other) => other !== socket) ?? []
      if (others.length > 0) sockets.set(id, others)
      else sockets.delete(id)
    }
  }
}

export type SessionEnd = ReturnType<typeof createSessionEnd>
