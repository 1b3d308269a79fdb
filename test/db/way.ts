import { once } from 'node:events'
import { createServer, connect, type Socket } from 'node:net'
import type { Ending } from '../helpers/stores.ts'

/** A way to Postgres that can be cut without either end hearing of it, and broken so that both do. */
export async function createWay (t: Ending, databaseUrl: string) {
  const url = new URL(databaseUrl)
  const { hostname, port } = url
  const sockets = new Set<Socket>()
  let isCut = false
  const pass = (from: Socket, to: Socket): void => {
    sockets.add(from)
    from.on('data', (data) => { if (!isCut) to.write(data) })
    from.on('error', () => {}).on('close', () => { sockets.delete(from); to.destroy() })
  }
  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname)
    pass(client, server)
    pass(server, client)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const breakAll = (): void => { for (const socket of sockets) socket.destroy() }
  t.teardown(() => { breakAll(); proxy.close() })
  url.port = String((proxy.address() as { port: number }).port)
  return { url: url.href, setCut (cut: boolean) { isCut = cut }, breakAll }
}
