import type { Duplex } from 'node:stream'
import fp from 'fastify-plugin'

const sweepMs = 100
/** How long a request under way may take once the node closes. */
const patienceMs = 2000

/** Closing waits for the requests under way, but not for ever, nor for connections that clients keep open after them. */
export const closingPlugin = fp(async (app) => {
  const upgraded = new Set<Duplex>()
  /** One for all connections. */
  function onClose (this: Duplex): void { upgraded.delete(this) }
  app.server.on('upgrade', (_request, socket: Duplex) => {
    upgraded.add(socket)
    socket.on('close', onClose)
  })

  app.addHook('preClose', async () => {
    const sweep = setInterval(() => { app.server.closeIdleConnections() }, sweepMs)
    const end = setTimeout(() => {
      app.server.closeAllConnections()
      for (const socket of upgraded) socket.destroy()
    }, patienceMs)
    app.server.once('close', () => {
      clearInterval(sweep)
      clearTimeout(end)
    })
  })
}, { name: 'closing' })
