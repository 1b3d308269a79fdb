import { Agent, request as httpRequest, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { forwardedFor, withoutHopByHop } from './forwarded.ts'
import { noAnswer, noNode, unavailableBody } from './unavailable.ts'
import type { Upstream, Upstreams } from './upstreams.ts'

// An idle connection ends on our side before the node's five seconds (Node's default) end it on theirs.
const agent = new Agent({ keepAlive: true, timeout: 4_000 })

/** Passes a request to the first candidate that takes the connection, and its answer back. */
export function proxyRequest (upstreams: Upstreams, request: IncomingMessage, response: ServerResponse): void {
  const candidates = upstreams.candidates(request.url)
  request.on('error', () => {})
  response.on('error', () => {})

  const tryNext = () => {
    const upstream = candidates.shift()
    if (!upstream) return refuse(response, noNode)
    const outgoing = openRequest(upstream, request)
    let isConnected = false
    onConnected(outgoing, () => {
      isConnected = true
      request.pipe(outgoing)
      // An answer may come before the whole request has; the rest of it is read and dropped.
      outgoing.once('close', () => request.unpipe(outgoing).resume())
    })
    const abort = () => outgoing.destroy()
    response.once('close', abort)
    outgoing.once('response', (incoming) => answer(incoming, response))
    outgoing.once('error', () => {
      response.off('close', abort)
      if (response.destroyed) return
      // What was sent may have been done: only a request that never left is given to another node.
      if (isConnected) return refuse(response, noAnswer)
      upstreams.markGone(upstream)
      tryNext()
    })
  }
  tryNext()
}

function openRequest (upstream: Upstream, request: IncomingMessage): ClientRequest {
  const framing = request.headers['transfer-encoding'] ? { 'transfer-encoding': 'chunked' } : {}
  const headers = { ...withoutHopByHop(request.headers), ...framing, ...forwardedFor(request) }
  const { hostname, port } = new URL(upstream.url)
  return httpRequest({ agent, hostname, port, method: request.method, path: request.url, headers })
}

function onConnected (outgoing: ClientRequest, act: () => void): void {
  outgoing.once('socket', (socket: Socket) => {
    if (socket.connecting) socket.once('connect', act)
    else act()
  })
}

function answer (incoming: IncomingMessage, response: ServerResponse): void {
  const headers = withoutHopByHop(incoming.headers)
  response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, headers)
  pipeline(incoming, response, () => {})
}

function refuse (response: ServerResponse, message: string): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.writeHead(503, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(unavailableBody(message))
}
