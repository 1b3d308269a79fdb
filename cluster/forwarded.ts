import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

// They speak about one connection, not about the message. What a client adds to this list in its `connection` header
// is left in: without its `content-length`, a body would reach the node as another request.
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect']

/** What the node is told about the client: what came with the request, and behind it what we saw ourselves. */
export function forwardedFor (request: IncomingMessage): Record<string, string> {
  const append = (name: string, value = '') => [request.headers[name] ?? [], value].flat().join(', ')
  return {
    'x-forwarded-for': append('x-forwarded-for', request.socket.remoteAddress),
    'x-forwarded-proto': append('x-forwarded-proto', 'http'),
    'x-forwarded-host': append('x-forwarded-host', request.headers.host),
  }
}

export function withoutHopByHop (headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept = { ...headers }
  for (const name of hopByHop) delete kept[name]
  return kept
}
