import { fastifyCookie, Signer } from '@fastify/cookie'
import fp from 'fastify-plugin'
import { ContractError, type Account } from '../contract/index.ts'
import type { Actor } from '../domain/actor.ts'
import { createGather } from '../domain/gather.ts'
import type { LiveSession } from '../domain/session.ts'
import type { Config } from './config.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Signs the session cookie: the first secret signs, all are accepted. */
    sessionSigner: Signer
    /**
     * Who asks.
     *
     * @throws `session.required` when nobody is signed in.
     */
    requireActor: (request: FastifyRequest) => Actor
    /** The same, with all that is known of the session. */
    requireSession: (request: FastifyRequest) => LiveSession
    /**
     * The live session of a `Cookie` header and whose it is, by the same cookie, store and rule as REST; null for none, and for one
     * that is forged, expired or ended. Writes nothing.
     *
     * @throws when Redis or Postgres cannot be asked.
     */
    readSession: (cookieHeader: string | undefined) => Promise<{ session: LiveSession, account: Account } | null>
    /** The same by Redis alone: for whoever asks Postgres themselves whether it was ended. */
    findSession: (cookieHeader: string | undefined) => Promise<LiveSession | null>
  }

  interface FastifyRequest {
    /** The session that this request came with, when it is alive; null also where sessions are not asked for. */
    liveSession: LiveSession | null
  }
}

export const cookieName = 'sid'
/** How long the rest of a crowd that connects is waited for: it makes the batches several times larger, and all that follows of them. */
const crowdMs = 30
/** As many as are let in at once: more do not come before these are through. */
const crowdSize = 32

/** The cookie is cleared with the options that it was set with. */
export function cookieOptions ({ NODE_ENV }: Config) {
  // Always Secure in production, also when a proxy that we were not told of ends TLS: what counts is what the browser sees.
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: NODE_ENV === 'production' } as const
}

/** Sessions, and the two ways to meet them: in a REST request (see request-sessions) and in a socket's handshake. */
export const sessionsPlugin = fp(async (app) => {
  const signer = new Signer(app.config.SESSION_SECRETS)
  await app.register(fastifyCookie)
  app.decorate('sessionSigner', signer)
  app.decorateRequest('liveSession', null)

  app.decorate('requireSession', ({ liveSession }) => {
    if (!liveSession) throw new ContractError('session.required')
    return liveSession
  })

  app.decorate('requireActor', (request) => {
    const { userId, id } = app.requireSession(request)
    return { userId, sessionId: id }
  })

  /** Those of a crowd are read in one go, and so are together in all that follows. */
  const read = createGather({ crowdMs, crowdSize, ask: (sids: string[]) => app.sessionStore.readAll(sids) })

  app.decorate('findSession', async (cookieHeader) => {
    const cookie = app.parseCookie(cookieHeader ?? '')[cookieName]
    const { valid, value } = signer.unsign(cookie ?? '')
    if (!valid || !value) return null
    return await read(value)
  })

  app.decorate('readSession', async (cookieHeader) => {
    const session = await app.findSession(cookieHeader)
    const account = session && await app.domain.accounts.findBySession(session)
    return account && { session, account }
  })
}, { name: 'sessions', dependencies: ['config', 'session-store', 'domain'] })
