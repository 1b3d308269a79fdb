import type { FastifyRequest } from 'fastify'
import type { LiveSession, SessionLifetimes, SessionRecord } from '../../domain/session.ts'

declare module 'fastify' {
  // What @fastify/session holds during a request.
  interface Session {
    /** All that is kept of it; absent before the login. */
    record?: SessionRecord
  }
}

export function toLiveSession ({ record, sessionId }: FastifyRequest['session']): LiveSession | null {
  return record ? { ...record, sid: sessionId } : null
}

/**
 * When the cookie goes: not before the session can end. When that is, within these bounds, is for the server to say;
 * a socket that moves the session on could not tell the browser.
 */
export function endOf ({ createdAt }: SessionRecord, { maxMs }: SessionLifetimes): Date {
  return new Date(createdAt + maxMs)
}
