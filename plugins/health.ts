import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    health: {
      /** Adds a condition for serving: it answers whether it holds, or throws. */
      addCheck: (name: string, check: () => boolean | Promise<boolean>) => void
    }
  }
}

const checkMs = 1000

/** `/healthz`: the process lives. `/readyz`: it can serve, and what it lacks where it cannot. */
export const healthPlugin = fp(async (app) => {
  const checks = new Map<string, () => boolean | Promise<boolean>>()
  app.decorate('health', { addCheck: (name, check) => { checks.set(name, check) } })

  app.health.addCheck('postgres', async () => (await app.database.sql`select 1`).length === 1)
  // A write: one that is full or read-only would still answer a ping.
  const key = app.redis.name('ready', app.config.NODE_NAME)
  app.health.addCheck('redis', async () => await app.redis.commands.set(key, '', 'EX', 10) === 'OK')

  app.get('/healthz', { logLevel: 'warn', schema: { hide: true } }, async () => ({ status: 'ok' }))

  app.get('/readyz', { logLevel: 'warn', schema: { hide: true } }, async (_request, reply) => {
    const results = Object.fromEntries(await Promise.all([...checks].map(async ([name, check]) => [name, await holds(check)] as const)))
    const isReady = Object.values(results).every(Boolean)
    return reply.status(isReady ? 200 : 503).send({ status: isReady ? 'ok' : 'unavailable', checks: results })
  })
}, { name: 'health', dependencies: ['config', 'database', 'redis'] })

/** A check that fails or does not answer in time does not hold; why is in the log of whatever it asked. */
async function holds (check: () => boolean | Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => { timer = setTimeout(() => { resolve(false) }, checkMs) })
  try {
    return await Promise.race([Promise.resolve(check()), late])
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}
