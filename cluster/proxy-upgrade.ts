import type { IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { forwardedFor } from './forwarded.ts'
import { noNode, unavailableBody } from './unavailable.ts'
import type { Upstreams } from './upstreams.ts'

/** Passes an upgrade to the first candidate that takes the connection, and from then on only bytes. */
export function proxyUpgrade (upstreams: Upstreams, request: IncomingMessage, client: Duplex, head: Buffer): void {
  const candidates = upstreams.candidates(request.url)
  client.on('error', () => {})

  const tryNext = () => {
    if (client.destroyed) return
    const upstream = candidates.shift()
    if (!upstream) return refuse(client)
    const { hostname, port } = new URL(upstream.url)
    const node = connect({ host: hostname, port: Number(port), noDelay: true })
    const onRefused = () => {
      upstreams.markGone(upstream)
      tryNext()
    }
    node.once('error', onRefused)
    node.once('connect', () => {
      node.off('error', onRefused)
      closeTogether(client, node)
      node.write(upgradeHead(request))
      node.write(head)
      client.pipe(node).pipe(client)
    })
  }
  tryNext()
}

function upgradeHead (request: IncomingMessage): string {
  const lines = [`${request.method} ${request.url} HTTP/1.1`]
  const ours = forwardedFor(request)
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const [name, value] = [request.rawHeaders[i]!, request.rawHeaders[i + 1]!]
    if (!(name.toLowerCase() in ours)) lines.push(`${name}: ${value}`)
  }
  for (const [name, value] of Object.entries(ours)) lines.push(`${name}: ${value}`)
  return lines.join('\r\n') + '\r\n\r\n'
}

/** Each end that closes takes the other with it, after what is still on its way. */
function closeTogether (client: Duplex, node: Socket): void {
  node.on('error', () => {})
  if (client.destroyed) node.destroy()
  client.once('close', () => node.destroy())
  node.once('close', () => client.end(() => client.destroy()))
}

function refuse (client: Duplex): void {
  const body = unavailableBody(noNode)
  client.end([
    'HTTP/1.1 503 Service Unavailable',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close', '', body,
  ].join('\r\n'), () => client.destroy())
}
