import fp from 'fastify-plugin'
import { createDomain, type Domain } from '../domain/index.ts'

declare module 'fastify' {
  interface FastifyInstance {
    domain: Domain
  }
}

/** The verbs, with what they stand on. */
export const domainPlugin = fp(async (app) => {
  app.decorate('domain', createDomain({
    database: app.database,
    sessionStore: app.sessionStore,
    sessionLifetimes: app.sessionLifetimes,
    relaxed: app.config.LIMITS === 'relaxed',
    report: (error) => { app.log.error({ err: error }, 'something was left untidy') }
  }))
}, { name: 'domain', dependencies: ['database', 'redis', 'session-store'] })
