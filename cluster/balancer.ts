import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { proxyRequest } from './proxy-request.ts'
import { proxyUpgrade } from './proxy-upgrade.ts'
import { refuseConnection } from './refused.ts'
import { Upstreams, type Upstream } from './upstreams.ts'

export interface BalancerOptions {
  port: number
  host: string
  nodes: Upstream[]
}

export interface Balancer {
  port: number
  close (): Promise<void>
}

/** A reverse proxy for the nodes: requests with an engine.io id go to its node, others take turns. */
export async function startBalancer ({ port, host, nodes }: BalancerOptions): Promise<Balancer> {
  const upstreams = new Upstreams(nodes)
  const server = createServer((request, response) => proxyRequest(upstreams, request, response))
  server.on('upgrade', (request, socket, head) => proxyUpgrade(upstreams, request, socket, head))
  server.on('clientError', refuseConnection)
  server.listen(port, host)
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
