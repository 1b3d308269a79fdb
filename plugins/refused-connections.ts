import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { ContractError } from '../contract/index.ts'

const notHttp = new ContractError('request.invalid', { message: 'This is not a well-formed HTTP request.' })

const refusals: Record<string, ContractError> = {
  HPE_HEADER_OVERFLOW: new ContractError('request.too_large', { message: 'The headers are larger than this server accepts.' }),
  ERR_HTTP_REQUEST_TIMEOUT: new ContractError('request.timeout')
}

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
}

const latest = new WeakMap<Duplex, Exchange>()

/** A request begins; for a server's `request` event. Without it {@link refuseConnection} may answer twice. */
export function rememberRequest (request: IncomingMessage, response: ServerResponse): void {
  latest.set(request.socket, { request, response })
}

/** For a server's `clientError` event: what is no HTTP, or too much of it, or too late, is answered in the contract's shape. */
export function refuseConnection (error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const answer = answerUnderWay(socket)
  if (!answer) refuse(socket, refusals[error.code ?? ''] ?? notHttp)
  else if (answer.writableFinished) socket.end(() => socket.destroy())
  else answer.once('close', () => socket.end(() => socket.destroy()))
}

/** The answer to a request of which the rest has not come: a second one would be taken for a part of it. */
function answerUnderWay (socket: Duplex): ServerResponse | undefined {
  const exchange = latest.get(socket)
  if (exchange && !exchange.request.complete && exchange.response.headersSent) return exchange.response
}

function refuse (socket: Duplex, error: ContractError): void {
  const body = JSON.stringify(error.toAnswer())
  socket.end([
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close', '', body
  ].join('\r\n'), () => socket.destroy())
}
