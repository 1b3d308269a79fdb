import type { FastifyBaseLogger } from 'fastify'
import type { EndReason } from '../contract/index.ts'
import type { LiveSession } from '../domain/session.ts'
import type { Sessions } from '../domain/sessions.ts'
import { sessionName } from './names.ts'
import type { ParleyServer, ParleySocket } from './server.ts'

interface SessionEndDeps {
  io: ParleyServer
  sessions: Sessions
  log: FastifyBaseLogger
  onSocketEnded: () => void
  /** How long a session lives at most. */
  maxMs: number
}

/** How often the sessions of all sockets are looked after. */
export const recheckMs = 3000
/** Node counts timers in 32 bits. */
const longestTimerMs = 2 ** 31 - 1
/** A handshake that has read its session takes no longer than this to become a socket. */
const rememberMs = 30_000

/** Closes the sockets of sessions that have ended. */
export function createSessionEnd ({ io, sessions, log, onSocketEnded, maxMs }: SessionEndDeps) {
  const endedLately = new Map<string, { reason: EndReason, timer: NodeJS.Timeout }>()
  const expiries = new Map<ParleySocket, NodeJS.Timeout>()

  function close (socket: ParleySocket, reason: EndReason): void {
    onSocketEnded()
    socket.emit('session:ended', { reason })
    socket.disconnect(true)
  }

  function socketsOf (sessionId: string): ParleySocket[] {
    const ids = io.of('/').adapter.rooms.get(sessionName(sessionId)) ?? new Set<string>()
    return [...ids].flatMap((id) => io.sockets.sockets.get(id) ?? [])
  }

  function end (sessionId: string, reason: EndReason): void {
    clearTimeout(endedLately.get(sessionId)?.timer)
    const timer = setTimeout(() => { endedLately.delete(sessionId) }, rememberMs).unref()
    endedLately.set(sessionId, { reason, timer })
    for (const socket of socketsOf(sessionId)) close(socket, reason)
  }

  function bySession (): Map<string, ParleySocket[]> {
    const sockets = new Map<string, ParleySocket[]>()
    for (const socket of io.sockets.sockets.values()) {
      const { id } = socket.data.session
      const others = sockets.get(id)
      if (others) others.push(socket)
      else sockets.set(id, [socket])
    }
    return sockets
  }

  /**
   * Looks after all sessions that have sockets here, at once, whether or not anybody said that one ended. Postgres is
   * asked too: it knows also while Redis is away, and when Redis has brought a session back.
   */
  async function recheck (sockets = bySession()): Promise<void> {
    const live = [...sockets.values()].flatMap(([socket]) => socket?.data.session ?? [])
    if (live.length === 0) return
    endPastLimit(live)
    const [byPostgres, byRedis] = await Promise.allSettled([sessions.findEnded(live), sessions.checkAlive(live)])
    for (const result of [byPostgres, byRedis]) {
      if (result.status === 'rejected') log.warn({ err: result.reason as unknown }, 'sessions could not be checked; trying again')
    }
    if (byPostgres.status === 'fulfilled') for (const { id, reason } of byPostgres.value) end(id, reason)
    if (byRedis.status === 'rejected') return
    for (const { id, reason } of byRedis.value.ended) end(id, reason)
    for (const session of byRedis.value.alive) {
      for (const socket of sockets.get(session.id) ?? []) socket.data.session = session
    }
  }

  /** However it is used, and whether or not anybody can be asked. */
  function endPastLimit (live: LiveSession[]): void {
    for (const { id, createdAt } of live) if (Date.now() >= createdAt + maxMs) end(id, 'expired')
  }

  /** A session that was used meanwhile has moved on: its next end is looked for in turn. */
  function endAtExpiry (socket: ParleySocket): void {
    const left = socket.data.session.expiresAt - Date.now()
    const wait = left > 0 ? left + 20 : recheckMs
    expiries.set(socket, setTimeout(() => {
      void recheck(new Map([[socket.data.session.id, [socket]]])).then(() => { if (expiries.has(socket)) endAtExpiry(socket) })
    }, Math.min(wait, longestTimerMs)).unref())
  }

  return {
    end,
    recheck,

    /** Binds a new socket to its session; one that ended during the handshake ends the socket now. */
    bind (socket: ParleySocket): void {
      const ended = endedLately.get(socket.data.session.id)
      if (ended) close(socket, ended.reason)
      else endAtExpiry(socket)
    },

    unbind (socket: ParleySocket): void {
      clearTimeout(expiries.get(socket))
      expiries.delete(socket)
    }
  }
}

export type SessionEnd = ReturnType<typeof createSessionEnd>
