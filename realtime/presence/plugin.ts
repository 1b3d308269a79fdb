import fp from 'fastify-plugin'
import { createPresenceRules } from '../../domain/presence.ts'
import { createPresence } from './presence.ts'
import { measurePresence } from './metrics.ts'
import type { PresenceService } from './service.ts'

declare module 'fastify' {
  interface FastifyInstance {
    presence: PresenceService
  }
}

/** Who is online, on all nodes. Whoever keeps sockets says which come and go. */
export const presencePlugin = fp(async (app) => {
  const { NODE_NAME: node, PRESENCE_VISIBILITY: visibility } = app.config
  const rules = createPresenceRules({ sql: app.database.plannedOnce, visibility })
  const presence = createPresence({ redis: app.redis, node, log: app.log, rules })
  app.decorate('presence', presence)
  measurePresence(app.metrics, presence)
  app.addHook('onReady', () => presence.start())
  app.addHook('preClose', async () => { presence.drain() })
  app.addHook('onClose', () => presence.close())
}, { name: 'presence', dependencies: ['config', 'database', 'metrics', 'redis'] })
