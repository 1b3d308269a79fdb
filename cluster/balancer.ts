import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { refuseConnection, rememberRequest } from '../plugins/refused-connections.ts'
import { boundArrival, isUpload } from '../plugins/slow-requests.ts'
import { proxyRequest } from './proxy-request.ts'
import { proxyUpgrade } from './proxy-upgrade.ts'
import { Upstreams, type Upstream } from './upstreams.ts'

/** How long a request may take to arrive; see the nodes' own. Checked now and then. */
export interface BalancerTimeouts {
  headersMs: number
  requestMs: number
  uploadMs: number
  checkMs: number
}

export interface BalancerOptions {
  port: number
  host: string
  nodes: Upstream[]
  timeouts?: BalancerTimeouts
}

/** The node's, for the whole of a request, ends a little earlier: what it answers is passed on. */
const standardTimeouts: BalancerTimeouts = { headersMs: 15_000, requestMs: 35_000, uploadMs: 305_000, checkMs: 3000 }

export interface Balancer {
  port: number
  close (): Promise<void>
}

/** A reverse proxy for the nodes: requests with an engine.io id go to its node, others take turns. */
export async function startBalancer ({ port, host, nodes, timeouts = standardTimeouts }: BalancerOptions): Promise<Balancer> {
  const upstreams = new Upstreams(nodes)
  const { headersMs, requestMs, uploadMs, checkMs } = timeouts
  const server = createServer(
    { headersTimeout: headersMs, requestTimeout: uploadMs + headersMs, connectionsCheckingInterval: checkMs },
    (request, response) => proxyRequest(upstreams, request, response)
  )
  server.on('upgrade', (request, socket, head) => proxyUpgrade(upstreams, request, socket, head))
  server.on('request', rememberRequest)
  server.on('request', (request) => { boundArrival(request, isUpload(request) ? uploadMs : requestMs) })
  server.on('clientError', refuseConnection)
  // A crowd that comes at once shall wait here: what does not fit into the usual 511 is dropped, and tries again after seconds.
  server.listen({ port, host, backlog: 4096 })
  await once(server, 'listening')
  await upstreams.watch()
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      upstreams.close()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
