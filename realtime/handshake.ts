import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { ContractError } from '../contract/index.ts'
import type { ConnectionCaps } from './connection-caps.ts'
import type { ParleyServer, ParleySocket } from './server.ts'

/** No page reads what a transport says as something else than it is. */
const transportHeaders = { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' }

/** As Engine.IO has parsed it: what it acts on is what is checked. */
interface EngineRequest extends IncomingMessage {
  _query: Record<string, string | undefined>
}

const forgotten = Object.freeze({ headers: {}, query: {}, auth: {} })

/**
 * Guards every request of Socket.IO's transports, not only the first: a page that may not call must not go on with a
 * connection that another has begun, and may not read answers as a script (JSONP), which needs no Origin. Counts the
 * connections of each address.
 */
export function guardTransports (app: FastifyInstance, io: ParleyServer, caps: ConnectionCaps): void {
  /** Begun by a page that may not call. Such a connection is told why when it enters the namespace. */
  const strangers = new WeakSet<ParleySocket['conn']>()

  function check (request: EngineRequest): void {
    const { j, sid } = request._query
    if (j !== undefined) throw new ContractError('request.invalid', { message: 'JSONP is not supported.' })
    if (!sid) return caps.requireRoom(app.addressOf(request))
    const conn = clientsOf(io)[sid]
    if (conn && !strangers.has(conn)) app.requireAllowedOrigin(request)
  }

  io.engine.use((request: EngineRequest, response: ServerResponse, next: () => void) => {
    try {
      check(request)
    } catch (error) {
      refuse(response, app.toContractError(error))
      return
    }
    next()
  })
  io.engine.on('headers', (headers: OutgoingHttpHeaders, request: EngineRequest) => {
    Object.assign(headers, transportHeaders)
    if (request._query.transport === 'websocket') writeOnce(request)
  })
  io.engine.on('connection', (conn: ParleySocket['conn']) => {
    caps.opened(conn, app.addressOf(conn.request))
    if (!app.isAllowedOrigin(conn.request)) strangers.add(conn)
  })
}

/** The answer to the upgrade and Engine.IO's first packet come in the same turn of the event loop: they go in one write. */
function writeOnce ({ socket }: IncomingMessage): void {
  socket.cork()
  setImmediate(() => { socket.uncork() })
}

/**
 * Lets go of the first request and all its headers, which would be kept as long as the connection. Once the socket has
 * entered nobody asks for them, but for the cookie of whoever goes and enters again by the same connection.
 */
export function forgetRequest (socket: ParleySocket): void {
  const { cookie } = socket.request.headers
  Object.assign(socket.conn, { request: { headers: { cookie }, connection: {} } })
  Object.assign(socket, { handshake: forgotten })
}

function refuse (response: ServerResponse, error: ContractError): void {
  const headers: OutgoingHttpHeaders = { ...transportHeaders, 'content-type': 'application/json; charset=utf-8' }
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000))
  response.writeHead(error.status, headers)
  response.end(JSON.stringify(error.toAnswer()))
}

function clientsOf (io: ParleyServer): Record<string, ParleySocket['conn'] | undefined> {
  return (io.engine as unknown as { clients: Record<string, ParleySocket['conn']> }).clients
}
