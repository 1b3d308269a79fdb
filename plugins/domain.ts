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
const sweepMs = 60_000

/** The verbs, with what they stand on. */
export const domainPlugin = fp(async (app) => {
  const emailChanges = createSharedLimiter(app.redis, 'email', app.rates.emailChanges)
  const uploads = createSharedLimiter(app.redis, 'uploads', app.rates.uploads)
  const domain = createDomain({
    database: app.database,
    sessionStore: app.sessionStore,
    sessionLifetimes: app.sessionLifetimes,
    mailer: app.mailer,
    countEmailChange: (userId) => spend(emailChanges, userId),
    files: app.files,
    examine: async (path) => {
      // The decoders are loaded when the first file comes.
      const { examine } = await import('./files/examine.ts')
      return await examine(path)
    },
    countUpload: (userId) => spend(uploads, userId),
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
  /** One node of all each time. */
  const isMyTurn = async (what: string, everyMs: number): Promise<boolean> =>
    await app.redis.commands.set(app.redis.name('turn', what), app.config.NODE_NAME, 'PX', everyMs - 1000, 'NX') !== null
  const sweepFiles = async (): Promise<void> => {
    if (await isMyTurn('forgotten-files', expiredMs)) await domain.attachments.dropForgotten()
    if (await isMyTurn('files', sweepMs)) await domain.attachments.sweep()
  }
  const sweep = (): void => {
    if (app.files) sweepFiles().catch((error: unknown) => { app.log.warn({ err: error }, 'files that nobody sees wait') })
  }
  const timers = [setInterval(removeRemains, remainsMs), setInterval(removeExpired, expiredMs), setInterval(sweep, sweepMs)].map((timer) => timer.unref())
  app.addHook('onClose', async () => { for (const timer of timers) clearInterval(timer) })
}, { name: 'domain', dependencies: ['rates', 'database', 'redis', 'session-store', 'mail', 'files'] })
