import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

// They speak about one connection, not about the message. `transfer-encoding` stays: it says that there is a body.
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade', 'expect']

/** What the node is told about the client: what came with the request, and behind it what we saw ourselves. */
export function forwardedFor (request: IncomingMessage): Record<string, string> {
  const append = (name: string, value = '') => [request.headers[name] ?? [], value].flat().join(', ')
  return {
    'x-forwarded-for': append('x-forwarded-for', request.socket.remoteAddress),
    'x-forwarded-proto': append('x-forwarded-proto', 'http'),
    'x-forwarded-host': append('x-forwarded-host', request.headers.host),
  }
}

export function withoutHopByHop (headers: IncomingHttpHeaders, also: string[] = []): IncomingHttpHeaders {
  const kept = { ...headers }
  const named = headers.connection?.toLowerCase().split(/\s*,\s*/) ?? []
  for (const name of [...hopByHop, ...named, ...also]) delete kept[name]
  return kept
}
