import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { ContractError } from '../contract/index.ts'
import type { ConnectionCaps } from './connection-caps.ts'
import type { ParleyServer, ParleySocket } from './server.ts'

/** No page reads what a transport says as something else than it is. */
const transportHeaders = { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' } as const
const transportHeaderNames = Object.keys(transportHeaders) as Array<keyof typeof transportHeaders>

/** What a page of another origin may do here: what a transport needs. */
const preflightHeaders = { 'access-control-allow-methods': 'GET, POST', 'access-control-allow-headers': 'content-type', 'content-length': '0' }

/** As Engine.IO has parsed it: what it acts on is what is checked. */
interface EngineRequest extends IncomingMessage {
  _query: Record<string, string | undefined>
  /** Whose connection it begins, once that was asked. */
  clientAddress?: string
}

const forgotten = Object.freeze({ headers: {}, query: {}, auth: {} })

/** What is left of a request: the cookie. */
class Remembered {
  readonly #cookie: string | undefined
  readonly connection = forgotten

  constructor (cookie: string | undefined) {
    this.#cookie = cookie
  }

  get headers () {
    return { cookie: this.#cookie }
  }
}

/**
 * Guards every request of Socket.IO's transports, not only the first: a page that may not call must not go on with a
 * connection that another has begun, and may not read answers as a script (JSONP), which needs no Origin. Counts the
 * connections of each address.
 */
export function guardTransports (app: FastifyInstance, io: ParleyServer, caps: ConnectionCaps): void {
  /** Begun by a page that may not call. Such a connection is told why when it enters the namespace. */
  const strangers = new WeakSet<ParleySocket['conn']>()
  const listed = new Set(app.allowedOrigins)
  const addressOf = (request: EngineRequest): string => (request.clientAddress ??= app.addressOf(request))

  /** By hand, since most requests say no origin, and pay for nothing then. Says whether that was all: a preflight. */
  function answerPage ({ method, headers: { origin } }: EngineRequest, response: ServerResponse): boolean {
    if (origin === undefined) return false
    response.setHeader('vary', 'Origin')
    if (listed.has(origin)) {
      response.setHeader('access-control-allow-origin', origin)
      response.setHeader('access-control-allow-credentials', 'true')
    }
    if (method !== 'OPTIONS') return false
    response.writeHead(204, preflightHeaders).end()
    return true
  }

  function check (request: EngineRequest): void {
    const { j, sid } = request._query
    if (j !== undefined) throw new ContractError('request.invalid', { message: 'JSONP is not supported.' })
    if (!sid) return caps.requireRoom(addressOf(request))
    const conn = clientsOf(io)[sid]
    if (conn && !strangers.has(conn)) app.requireAllowedOrigin(request)
  }

  io.engine.use((request: EngineRequest, response: ServerResponse, next: () => void) => {
    if (answerPage(request, response)) return
    try {
      check(request)
    } catch (error) {
      refuse(response, app.toContractError(error))
      return
    }
    next()
  })
  io.engine.on('headers', (headers: OutgoingHttpHeaders, request: EngineRequest) => {
    for (const name of transportHeaderNames) headers[name] = transportHeaders[name]
    if (request._query.transport === 'websocket') writeOnce(request.socket)
  })
  /** One for all connections. */
  function onClose (this: ParleySocket['conn']): void { caps.closed(this) }

  io.engine.on('connection', (conn: ParleySocket['conn']) => {
    conn.on('close', onClose)
    caps.opened(conn, addressOf(conn.request as EngineRequest))
    if (!app.isAllowedOrigin(conn.request)) strangers.add(conn)
  })
}

/** The answer to the upgrade and Engine.IO's first packet come in the same turn of the event loop: they go in one write. */
function writeOnce (socket: Duplex): void {
  socket.cork()
  if (corked.push(socket) === 1) setImmediate(uncorkAll)
}

const corked: Duplex[] = []

function uncorkAll (): void {
  for (const socket of corked.splice(0)) socket.uncork()
}

const heldBack = new WeakSet<object>()

/**
 * What is said to a socket from its entering on waits until `sendHeldBack`: else Engine.IO sends the first packet at once,
 * and the next when that has gone, each in an answer of its own.
 */
export function holdBack ({ conn: { transport } }: ParleySocket): void {
  // To a websocket all of a turn of the event loop goes at once anyway. Where something is on its way already, the rest waits for it.
  if (transport.name === 'websocket' || !transport.writable) return
  transport.writable = false
  heldBack.add(transport)
}

export function sendHeldBack ({ conn }: ParleySocket): void {
  const { transport } = conn
  if (!heldBack.delete(transport)) return
  transport.writable = true
  ;(conn as unknown as { flush: () => void }).flush()
}

/**
 * Lets go of the first request and all its headers, which would be kept as long as the connection. Once the socket has
 * entered nobody asks for them, but for the cookie of whoever goes and enters again by the same connection.
 */
export function forgetRequest (socket: ParleySocket): void {
  const { conn } = socket as { conn: { request: object } }
  conn.request = new Remembered(socket.request.headers.cookie)
  ;(socket as { handshake: object }).handshake = forgotten
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
