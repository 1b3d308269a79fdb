import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { ContractError } from '../contract/index.ts'
import type { ConnectionCaps } from './connection-caps.ts'
import type { ParleyServer, ParleySocket } from './server.ts'

/** No page reads what a transport says as something else than it is. */
const transportHeaders = { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' }

/**
 * Guards every request of Socket.IO's transports, not only the first: a page that may not call must not go on with a
 * connection that another has begun, and may not read answers as a script (JSONP), which needs no Origin. Counts the
 * connections of each address.
 */
export function guardTransports (app: FastifyInstance, io: ParleyServer, caps: ConnectionCaps): void {
  function check (request: IncomingMessage): void {
    const { sid, j } = queryOf(request)
    if (j !== undefined) throw new ContractError('request.invalid', { message: 'JSONP is not supported.' })
    if (!sid) caps.requireRoom(app.addressOf(request))
    // A connection that was begun by such a page is told why when it enters the namespace.
    const first = sid ? clientsOf(io)[sid]?.request : undefined
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
  io.engine.on('headers', (headers: OutgoingHttpHeaders) => { Object.assign(headers, transportHeaders) })
  io.engine.on('connection', (conn: ParleySocket['conn']) => { caps.opened(conn, app.addressOf(conn.request)) })
}

/** As engine.io has read it, which decides by it: another reading of the same URL would let something past. */
function queryOf (request: IncomingMessage): { sid?: string, j?: string } {
  return (request as IncomingMessage & { _query: { sid?: string, j?: string } })._query
}

function refuse (response: ServerResponse, error: ContractError): void {
  const headers: OutgoingHttpHeaders = { ...transportHeaders, 'content-type': 'application/json; charset=utf-8' }
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000))
  response.writeHead(error.status, headers)
  response.end(JSON.stringify(error.toAnswer()))
}

function clientsOf (io: ParleyServer): Record<string, { request: IncomingMessage } | undefined> {
  return (io.engine as unknown as { clients: Record<string, { request: IncomingMessage }> }).clients
}
