import { fileURLToPath } from 'node:url'
import { expectReady } from './http-status.ts'
import type { Log } from './log.ts'
import type { ClusterNode } from './node.ts'
import { createScriptService } from './script-service.ts'
import type { Service } from './service.ts'

const script = fileURLToPath(new URL('./balancer-process.js', import.meta.url))

export interface BalancerServiceOptions {
  port: number
  host: string
  nodes: ClusterNode[]
  log: Log
}

/** The balancer as a process of its own, so that its load and its end are not the launcher's. */
export function createBalancer ({ port, host, nodes, log }: BalancerServiceOptions): Service {
  const upstreams = nodes.map(({ name, url }) => ({ name, url }))
  return createScriptService({
    name: 'balancer',
    script,
    env: { PORT: String(port), HOST: host, UPSTREAMS: JSON.stringify(upstreams) },
    probe: () => expectReady(`http://${reachable(host)}:${port}`),
    stopTimeoutMs: 2_000,
    log,
  })
}

function reachable (host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
