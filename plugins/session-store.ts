import fp from 'fastify-plugin'
import type { SessionLifetimes } from '../domain/session.ts'
import { RedisSessionStore } from './sessions/store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    sessionStore: RedisSessionStore
    sessionLifetimes: SessionLifetimes
  }
}

/** Where sessions live, for the verbs and for those who read them. */
export const sessionStorePlugin = fp(async (app) => {
  const { SESSION_IDLE_SECONDS: idleSeconds, SESSION_MAX_SECONDS: maxSeconds } = app.config
  const lifetimes = { idleMs: idleSeconds * 1000, maxMs: maxSeconds * 1000 }
  app.decorate('sessionLifetimes', lifetimes)
  app.decorate('sessionStore', new RedisSessionStore({ redis: app.redis, lifetimes }))
}, { name: 'session-store', dependencies: ['config', 'redis'] })
