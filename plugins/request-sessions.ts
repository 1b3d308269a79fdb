import session from '@fastify/session'
import fp from 'fastify-plugin'
import { cookieName, cookieOptions } from './sessions.ts'
import { endOf, toLiveSession } from './sessions/data.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Lets go of the session of this request, which has ended: nothing is saved, and the browser forgets its cookie. */
    forgetSession: (request: FastifyRequest, reply: FastifyReply) => void
  }
}

/**
 * What is registered beside this knows whose requests they are; what is registered elsewhere asks neither Redis nor
 * Postgres because of a cookie.
 */
export const requestSessionsPlugin = fp(async (app) => {
  const { sessionStore: store, sessionSigner: signer, sessionLifetimes: lifetimes } = app
  const options = cookieOptions(app.config)

  // Before @fastify/session does it, whose own failure would end in a second attempt while it answers the first.
  app.addHook('onSend', async (request) => {
    const { session } = request
    if (!session?.record || !session.isModified()) return
    try {
      await session.save()
    } catch (error) {
      Object.assign(request, { session: null })
      throw error
    }
  })

  await app.register(session, {
    store, secret: signer, cookieName, cookie: { ...options }, rolling: false, saveUninitialized: false
  })

  app.addHook('onRequest', async (request, reply) => {
    const cookie = request.cookies[cookieName]
    if (cookie === undefined) return
    // Else @fastify/session clears a cookie that it does not know, in a browser that may have got a newer one meanwhile.
    delete request.cookies[cookieName]
    const live = toLiveSession(request.session)
    if (!live || !await app.domain.accounts.findBySession(live)) return
    request.liveSession = live
    // Signed with a secret that is on its way out.
    if (signer.unsign(cookie).renew) {
      reply.setCookie(cookieName, signer.sign(live.sid), { ...options, expires: endOf(live, lifetimes) })
    }
  })

  app.decorate('forgetSession', (request, reply) => {
    Object.assign(request, { session: null, liveSession: null })
    reply.clearCookie(cookieName, options)
  })
}, { name: 'request-sessions', dependencies: ['sessions', 'domain'] })
