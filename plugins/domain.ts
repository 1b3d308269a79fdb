import fp from 'fastify-plugin'
import { createDomain, type Domain } from '../domain/index.ts'
import { createSharedLimiter, spend } from './limiters.ts'

declare module 'fastify' {
  interface FastifyInstance {
    domain: Domain
  }
}

const remainsMs = 60_000
const expiredMs = 3_600_000

/** The verbs, with what they stand on. */
export const domainPlugin = fp(async (app) => {
  const emailChanges = createSharedLimiter(app.redis, 'email', app.rates.emailChanges)
  const domain = createDomain({
    database: app.database,
    sessionStore: app.sessionStore,
    sessionLifetimes: app.sessionLifetimes,
    mailer: app.mailer,
    countEmailChange: (userId) => spend(emailChanges, userId),
    relaxed: app.config.LIMITS === 'relaxed',
    report: (error) => { app.log.error({ err: error }, 'something was left untidy') }
  })
  app.decorate('domain', domain)

  // What a deleted room leaves is removed soon after, and what a node that died left behind, by another.
  const removeRemains = (): void => {
    domain.rooms.removeRemains().catch((error: unknown) => { app.log.warn({ err: error }, 'the rest of a deleted room waits') })
  }
  const removeExpired = (): void => {
    domain.invitations.removeExpired().catch((error: unknown) => { app.log.warn({ err: error }, 'expired invitations wait') })
  }
  domain.notices.listen({ roomDeleted: removeRemains })
  const timers = [setInterval(removeRemains, remainsMs), setInterval(removeExpired, expiredMs)].map((timer) => timer.unref())
  app.addHook('onClose', async () => { for (const timer of timers) clearInterval(timer) })
}, { name: 'domain', dependencies: ['rates', 'database', 'redis', 'session-store', 'mail'] })
