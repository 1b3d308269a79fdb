import fp from 'fastify-plugin'
import { createDomain, type Domain } from '../domain/index.ts'

declare module 'fastify' {
  interface FastifyInstance {
    domain: Domain
  }
}

/** The verbs, with what they stand on. */
export const domainPlugin = fp(async (app) => {
  app.decorate('domain', createDomain({ database: app.database }))
}, { name: 'domain', dependencies: ['database', 'redis'] })
