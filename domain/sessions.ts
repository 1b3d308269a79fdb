import { randomUUID } from 'node:crypto'
import { ContractError, type EndReason, type Session } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import { insertRevocations, listDeadSessions } from '../db/queries/revocations.ts'
import { raiseSessionGeneration } from '../db/queries/session-generation.ts'
import type { Actor } from './actor.ts'
import { isDue, movedOn, toSession, type EndedSession, type LiveSession, type SessionLifetimes, type SessionStore } from './session.ts'

export interface SessionsDeps {
  sql: Sql
  store: SessionStore
  lifetimes: SessionLifetimes
  /** Of one user; beyond them the one that was used least lately ends. */
  mostPerUser: number
  /** Told of a failure that no longer changes the outcome. */
  report: (error: unknown) => void
}

export interface NewSession {
  sid: string
  userId: string
  generation: number
  ip: string | null
  userAgent: string | null
}

/** The others' turn comes with the next check. */
const renewalsAtOnce = 1000

/** A user's sessions: one for each device that is signed in. */
export function createSessions ({ sql, store, lifetimes, mostPerUser, report }: SessionsDeps) {
  const listeners: Array<(ended: EndedSession) => void> = []

  /** Those that live, by Redis and by Postgres. */
  async function listLive (userId: string): Promise<LiveSession[]> {
    const sessions = await store.listOf(userId)
    const dead = new Set((await listDeadSessions(sql, sessions)).map(({ id }) => id))
    return sessions.filter(({ id }) => !dead.has(id))
  }

  /** From the moment that Postgres has it, a session is dead everywhere; the rest is telling and tidying. */
  async function finish (sessions: LiveSession[], reason: EndReason): Promise<void> {
    if (sessions.length === 0) return
    const ended = new Set(await insertRevocations(sql, sessions.map(({ id, userId, createdAt }) =>
      ({ sessionId: id, userId, reason, untilMs: createdAt + lifetimes.maxMs }))))
    for (const { id, userId } of sessions.filter(({ id }) => ended.has(id))) {
      for (const listener of listeners) listener({ id, userId, reason })
    }
    const deletions = await Promise.allSettled(sessions.map((session) => store.end(session, reason)))
    for (const deletion of deletions) if (deletion.status === 'rejected') report(deletion.reason)
  }

  /** Ends all sessions of a user but the kept one, if one is kept. */
  async function endAllBut<T> (keptSessionId: string | null, userId: string, reason: EndReason, settle: () => Promise<T>): Promise<T> {
    const sessions = (await store.listOf(userId)).filter(({ id }) => id !== keptSessionId)
    const settled = await settle()
    await finish(sessions, reason)
    return settled
  }

  /**
   * Ends all sessions of the actor but this one.
   *
   * @param settle does in Postgres what ends them, in one statement with whatever causes it.
   */
  async function endOthers<T> (actor: Actor, reason: EndReason, settle: () => Promise<T>): Promise<T> {
    return await endAllBut(actor.sessionId, actor.userId, reason, settle)
  }

  /** Ends all sessions of a user, who need not have one; `settle` as for the others. */
  async function endAll<T> (userId: string, reason: EndReason, settle: () => Promise<T>): Promise<T> {
    return await endAllBut(null, userId, reason, settle)
  }

  /** For one more that is about to live. */
  async function makeRoom (userId: string): Promise<void> {
    const sessions = await store.listOf(userId)
    const excess = Math.max(0, sessions.length + 1 - mostPerUser)
    await finish(sessions.toSorted((one, other) => one.lastSeenAt - other.lastSeenAt).slice(0, excess), 'revoked')
  }

  return {
    endOthers,
    endAll,

    /** Begins a session for somebody who has proved who they are. It lives once it is saved under its sid. */
    async begin ({ ip, userAgent, ...whose }: NewSession): Promise<LiveSession> {
      const at = Date.now()
      const device = { ip, userAgent: userAgent?.slice(0, 256) ?? null }
      const session = movedOn({ ...whose, ...device, id: randomUUID(), createdAt: at, lastSeenAt: at, expiresAt: at }, lifetimes, at)
      // Listed before it lives: no session may be missed by what ends them all.
      if (await store.enlist(session) > mostPerUser) await makeRoom(session.userId)
      return session
    },

    /** My devices, the last used first. */
    async list (actor: Actor): Promise<Session[]> {
      const sessions = await listLive(actor.userId)
      return sessions
        .toSorted((one, other) => other.lastSeenAt - one.lastSeenAt)
        .map((session) => toSession(session, session.id === actor.sessionId))
    },

    /** Signs one of my devices out. */
    async end (actor: Actor, sessionId: string): Promise<void> {
      const session = (await listLive(actor.userId)).find(({ id }) => id === sessionId)
      if (!session) throw new ContractError('session.not_found')
      await finish([session], 'revoked')
    },

    /** Signs all my other devices out. */
    async signOutOthers (actor: Actor): Promise<void> {
      await endOthers(actor, 'revoked', () => raiseSessionGeneration(sql, actor.userId, actor.sessionId))
    },

    async logout (session: LiveSession): Promise<void> {
      await finish([session], 'logout')
    },

    /** Calls the listener for every session that is ended through this node. Expiry ends them without a word. */
    onEnded (listener: (ended: EndedSession) => void): void {
      listeners.push(listener)
    },

    /** A session that is used without a request: by a socket. Null when it lives no more. */
    touch: (sid: string): Promise<LiveSession | null> => store.use(sid),

    /**
     * Which of these still live, as they are now, and which have ended, by Redis alone. A live socket counts as use.
     *
     * @throws when Redis cannot be asked: then nothing is known.
     */
    async checkAlive (sessions: LiveSession[]): Promise<{ alive: LiveSession[], ended: EndedSession[] }> {
      const fates = await store.readFates(sessions)
      const alive: LiveSession[] = []
      const ended: EndedSession[] = []
      const due: LiveSession[] = []
      const now = Date.now()
      sessions.forEach((session, index) => {
        const fate = fates[index] ?? 'expired'
        if (typeof fate !== 'number') ended.push({ ...ofSession(session), reason: fate })
        else if (isDue(session, lifetimes, now) && due.length < renewalsAtOnce) due.push(session)
        // Most are as they were: no need for another object for each of them, every time.
        else alive.push(fate === session.expiresAt ? session : { ...session, expiresAt: fate })
      })
      const used = await Promise.all(due.map(({ sid }) => store.use(sid)))
      used.forEach((session, index) => {
        if (session) alive.push(session)
        else ended.push({ ...ofSession(due[index] as LiveSession), reason: 'expired' })
      })
      return { alive, ended }
    },

    /** Those of these that Postgres knows to be ended: true also while Redis is away, or has lost its end. */
    async findEnded (sessions: LiveSession[]): Promise<EndedSession[]> {
      if (sessions.length === 0) return []
      const dead = await listDeadSessions(sql, sessions)
      if (dead.length === 0) return []
      const byId = new Map(sessions.map((session) => [session.id, session]))
      return dead.flatMap(({ id, reason }) => {
        const session = byId.get(id)
        return session ? [{ ...ofSession(session), reason }] : []
      })
    }
  }
}

export type Sessions = ReturnType<typeof createSessions>

function ofSession ({ id, userId }: LiveSession): Pick<EndedSession, 'id' | 'userId'> {
  return { id, userId }
}
