import { Agent, request } from 'node:http'
import type { Address } from '../helpers/node.ts'
import type { Ending } from '../helpers/stores.ts'

export interface Flood {
  method?: string
  path: string
  body?: unknown
  headers?: Record<string, string>
}

/** Requests over a hundred connections that stay open: `fetch` would cost more than the server. Each settles with its status. */
export function createFlood (t: Ending, nodes: readonly Address[]) {
  const agent = new Agent({ keepAlive: true, maxSockets: 100 })
  t.teardown(() => { agent.destroy() })
  let turn = 0

  function ask ({ method = 'GET', path, body, headers }: Flood): Promise<number> {
    const { url = '' } = nodes[turn++ % nodes.length] ?? {}
    return new Promise((resolve, reject) => {
      const asked = request(`${url}/api${path}`, { method, agent, headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) } })
      asked.once('error', reject)
      asked.once('response', (response) => {
        response.resume()
        response.once('end', () => { resolve(response.statusCode ?? 0) })
      })
      asked.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  /** The same again and again: how often each status was answered, and a hook for each. */
  return async (count: number, what: Flood, onStatus: (status: number) => void = () => {}): Promise<Record<string, number>> => {
    const outcomes: Record<string, number> = {}
    await Promise.all(Array.from({ length: count }, async () => {
      const status = await ask(what)
      outcomes[status] = (outcomes[status] ?? 0) + 1
      onStatus(status)
    }))
    return outcomes
  }
}
