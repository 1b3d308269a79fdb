import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

const invalid = { code: 'request.invalid', message: 'This is not a well-formed HTTP request.', retryable: false }
const tooLarge = { code: 'request.too_large', message: 'The request is larger than this server accepts.', retryable: false }

const timeout = { code: 'request.timeout', message: 'The request did not arrive in time.', retryable: true }

/** What is no HTTP, or too much of it, is answered in the contract's shape; there is no request to answer otherwise. */
export function refuseConnection (error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, reason] = reasonOf(error.code)
  const body = JSON.stringify({ error: reason })
  socket.end([
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close', '', body
  ].join('\r\n'), () => socket.destroy())
}

function reasonOf (code: string | undefined) {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW': return [431, tooLarge] as const
    case 'ERR_HTTP_REQUEST_TIMEOUT': return [408, timeout] as const
    default: return [400, invalid] as const
  }
}
