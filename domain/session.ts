import type { EndReason, Session } from '../contract/index.ts'
import { toTimestamp } from '../db/rows.ts'

/** What Redis keeps of a session: whose it is and on what device, not the user. Times in milliseconds since 1970. */
export interface SessionRecord {
  /** Names the session to clients; not the value of the cookie. */
  id: string
  userId: string
  /** The user's session generation at login. */
  generation: number
  createdAt: number
  lastSeenAt: number
  expiresAt: number
  ip: string | null
  userAgent: string | null
}

/** A session that was found alive. */
export interface LiveSession extends SessionRecord {
  /** What the cookie carries, signed. Secret: never logged, never sent. */
  sid: string
}

export interface EndedSession {
  /** The public id. */
  id: string
  userId: string
  reason: EndReason
}

export interface SessionLifetimes {
  /** A session that nobody uses ends after this time … */
  idleMs: number
  /** … and every session after this. */
  maxMs: number
}

/** Where sessions live. Every call fails when Redis cannot be asked, which is not the absence of a session. */
export interface SessionStore {
  /** The session, without a trace of having looked. */
  read: (sid: string) => Promise<LiveSession | null>
  /** The session; counts as use of it. */
  use: (sid: string) => Promise<LiveSession | null>
  /** Enters it in the list of its user's sessions, and says how many that names now. */
  enlist: (session: LiveSession) => Promise<number>
  listOf: (userId: string) => Promise<LiveSession[]>
  /** Deletes it, and for a minute keeps a request that had read it from saving it again. */
  end: (session: LiveSession, reason: EndReason) => Promise<void>
  /** Of each session when it expires, or why it is not there any more. One that is far from its end may live longer than said. */
  readFates: (sessions: LiveSession[]) => Promise<Array<number | EndReason>>
}

/** A session that is used is moved on only now and then, so that what was said of it stays true for a while. */
export function isDue (session: SessionRecord, { idleMs }: SessionLifetimes, now: number): boolean {
  return now - session.lastSeenAt >= Math.min(3_600_000, idleMs / 10)
}

/** The same session, used now. */
export function movedOn<S extends SessionRecord> (session: S, { idleMs, maxMs }: SessionLifetimes, now: number): S {
  return { ...session, lastSeenAt: now, expiresAt: Math.min(now + idleMs, session.createdAt + maxMs) }
}

/** As clients see it. */
export function toSession (session: SessionRecord, current: boolean): Session {
  return {
    id: session.id,
    createdAt: toTimestamp(session.createdAt),
    lastSeenAt: toTimestamp(session.lastSeenAt),
    expiresAt: toTimestamp(session.expiresAt),
    ip: session.ip,
    userAgent: session.userAgent,
    current
  }
}
