import { fastifyCookie, Signer } from '@fastify/cookie'
import fp from 'fastify-plugin'
import { ContractError } from '../contract/index.ts'
import type { Actor } from '../domain/actor.ts'
import type { LiveSession, SessionLifetimes } from '../domain/session.ts'
import type { Config } from './config.ts'
import { RedisSessionStore } from './sessions/store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    sessionStore: RedisSessionStore
    sessionSigner: Signer
    sessionLifetimes: SessionLifetimes
    /**
     * Who asks.
     *
     * @throws `session.required` when nobody is signed in.
     */
    requireActor: (request: FastifyRequest) => Actor
    /** The same, with all that is known of the session. */
    requireSession: (request: FastifyRequest) => LiveSession
    /**
     * The live session of a `Cookie` header, by the same cookie and store as REST; null for none, a forged or an
     * expired one. Writes nothing. Postgres has the last word: see `domain.accounts.findBySession`.
     *
     * @throws when Redis cannot be asked.
     */
    readSession: (cookieHeader: string | undefined) => Promise<LiveSession | null>
  }

  interface FastifyRequest {
    /** The session that this request came with, when it is alive; null also where sessions are not asked for. */
    liveSession: LiveSession | null
  }
}

export const cookieName = 'sid'

/** The cookie is cleared with the options that it was set with. */
export function cookieOptions ({ NODE_ENV }: Config) {
  // Always Secure in production, also when a proxy that we were not told of ends TLS: what counts is what the browser sees.
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: NODE_ENV === 'production' } as const
}

/** Sessions, and the two ways to meet them: in a REST request (see request-sessions) and in a socket's handshake. */
export const sessionsPlugin = fp(async (app) => {
  const { SESSION_SECRETS: secrets, SESSION_IDLE_SECONDS: idleSeconds, SESSION_MAX_SECONDS: maxSeconds } = app.config
  const lifetimes = { idleMs: idleSeconds * 1000, maxMs: maxSeconds * 1000 }
  const signer = new Signer(secrets)
  const store = new RedisSessionStore({ redis: app.redis, lifetimes })

  await app.register(fastifyCookie)
  app.decorate('sessionStore', store)
  app.decorate('sessionSigner', signer)
  app.decorate('sessionLifetimes', lifetimes)
  app.decorateRequest('liveSession', null)

  app.decorate('requireSession', ({ liveSession }) => {
    if (!liveSession) throw new ContractError('session.required')
    return liveSession
  })

  app.decorate('requireActor', (request) => {
    const { userId, id } = app.requireSession(request)
    return { userId, sessionId: id }
  })

  app.decorate('readSession', async (cookieHeader) => {
    const cookie = app.parseCookie(cookieHeader ?? '')[cookieName]
    const { valid, value } = signer.unsign(cookie ?? '')
    return valid && value ? await store.read(value) : null
  })
}, { name: 'sessions', dependencies: ['config', 'redis'] })
