import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { ContractError } from '../contract/index.ts'
import type { ConnectionCaps } from './connection-caps.ts'
import type { ParleyServer, ParleySocket } from './server.ts'

/**
 * Guards every request of Socket.IO's transports, not only the first: a page that may not call must not go on with a
 * connection that another has begun, and may not read answers as a script (JSONP), which needs no Origin. Counts the
 * connections of each address.
 */
export function guardTransports (app: FastifyInstance, io: ParleyServer, caps: ConnectionCaps): void {
  function check (request: IncomingMessage): void {
    const query = new URLSearchParams(request.url?.split('?')[1])
    if (query.has('j')) throw new ContractError('request.invalid', { message: 'JSONP is not supported.' })
    const sid = query.get('sid')
    if (sid === null) caps.requireRoom(app.addressOf(request))
    // A connection that was begun by such a page is told why when it enters the namespace.
    const first = sid === null ? undefined : clientsOf(io)[sid]?.request
    if (first && app.isAllowedOrigin(first)) app.requireAllowedOrigin(request)
  }

  io.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    try {
      check(request)
    } catch (error) {
      refuse(response, app.toContractError(error))
      return
    }
    next()
  })
  io.engine.on('connection', (conn: ParleySocket['conn']) => { caps.opened(conn, app.addressOf(conn.request)) })
}

function refuse (response: ServerResponse, error: ContractError): void {
  const headers: OutgoingHttpHeaders = { 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' }
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000))
  response.writeHead(error.status, headers)
  response.end(JSON.stringify(error.toAnswer()))
}

function clientsOf (io: ParleyServer): Record<string, { request: IncomingMessage } | undefined> {
  return (io.engine as unknown as { clients: Record<string, { request: IncomingMessage }> }).clients
}
