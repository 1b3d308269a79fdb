import type { FastifyRequest, Session as SessionData } from 'fastify'
import type { LiveSession, SessionLifetimes, SessionRecord } from '../../domain/session.ts'

declare module 'fastify' {
  // What @fastify/session holds during a request; nothing of it before the login.
  interface Session extends Partial<SessionRecord> {}
}

/** What is kept of a session; null while it is nobody's. */
export function toRecord (data: SessionData): SessionRecord | null {
  const { id, userId, generation, createdAt, lastSeenAt, expiresAt, ip = null, userAgent = null } = data
  const isWhole = id !== undefined && userId !== undefined && generation !== undefined &&
    createdAt !== undefined && lastSeenAt !== undefined && expiresAt !== undefined
  return isWhole ? { id, userId, generation, createdAt, lastSeenAt, expiresAt, ip, userAgent } : null
}

export function toLiveSession (data: FastifyRequest['session']): LiveSession | null {
  const record = toRecord(data)
  return record && { ...record, sid: data.sessionId }
}

/**
 * When the cookie goes: not before the session can end. When that is, within these bounds, is for the server to say;
 * a socket that moves the session on could not tell the browser.
 */
export function endOf ({ createdAt }: SessionRecord, { maxMs }: SessionLifetimes): Date {
  return new Date(createdAt + maxMs)
}
