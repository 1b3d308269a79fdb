import type { TestNode } from '../helpers/node.ts'
import type { Ending } from '../helpers/stores.ts'
import { until } from '../helpers/until.ts'

/**
 * Closes all sockets, and waits until the nodes know it, before the nodes are closed. For tests with polling clients: a
 * node waits half a minute for the next poll of one that goes away in the very moment in which it closes itself.
 */
export function closeSocketsFirst (t: Ending, nodes: TestNode[]): void {
  t.teardown(async () => {
    for (const { sockets } of nodes) for (const socket of sockets) socket.close()
    await until('the nodes have let go of every socket', () => nodes.every(({ app }) => app.realtime.io.engine.clientsCount === 0))
  })
}
