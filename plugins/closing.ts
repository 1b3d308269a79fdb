import fp from 'fastify-plugin'

const sweepMs = 100

/** Closing waits for the requests under way, and not for connections that clients would keep open after them. */
export const closingPlugin = fp(async (app) => {
  app.addHook('preClose', async () => {
    const sweep = setInterval(() => { app.server.closeIdleConnections() }, sweepMs)
    app.server.once('close', () => { clearInterval(sweep) })
  })
}, { name: 'closing' })
