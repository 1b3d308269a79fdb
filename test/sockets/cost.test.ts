import type { Socket } from 'node:net'
import { startRedis } from '../../cluster/redis.ts'
import { countAsked } from '../../load/bench/store-counts.ts'
import { LightSocket } from '../../load/light/socket.ts'
import { startNode } from '../helpers/node.ts'
import { people, person } from '../helpers/person.ts'
import { createStores } from '../helpers/stores.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

const crowd = Array.from({ length: 100 })

t.test('what a crowd costs whose handshakes come at once depends on the batches, not on the connections', async (t) => {
  // A Redis that nobody else asks.
  const server = await startRedis()
  t.teardown(() => server.stop())
  const stores = { ...await createStores(t), redisUrl: server.url }
  const node = await startNode(t, { stores })
  const [alice, bob] = await people(node, 'alice', 'bob')
  await alice.makeRoom()

  const { commits, redisReads } = await countAsked(stores, async () => {
    const sessions = await Promise.all(crowd.map((_, index) => node.app.findSession((index % 2 ? alice : bob).jar.header)))
    const arrivals = await Promise.all(sessions.map(async (session) => session && await node.app.domain.members.arrive(session)))
    t.same(arrivals.map((found) => found?.account.id), crowd.map((_, index) => (index % 2 ? alice : bob).id))
    t.same(arrivals.map((found) => found?.memberships.length), crowd.map((_, index) => index % 2))
    return 1
  })
  // One for each question, and some for what counts them, and for what the node does by itself meanwhile.
  t.ok((commits as number) < 20, `${commits} commits of Postgres`)
  t.ok((redisReads as number) < 30, `${redisReads} reads of Redis`)
})

t.test('a handshake by websocket is two writes: the upgrade with Engine.IO\'s packet, and the answer with session:ready', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  await alice.makeRoom()
  const writes = new Map<Socket, number>()
  node.app.server.on('connection', (socket: Socket) => {
    writes.set(socket, 0)
    const count = (): void => { writes.set(socket, (writes.get(socket) ?? 0) + 1) }
    const { _write, _writev } = socket
    Object.assign(socket, {
      _write (...args: Parameters<typeof _write>) { count(); _write.apply(socket, args) },
      _writev (...args: Parameters<NonNullable<typeof _writev>>) { count(); _writev?.apply(socket, args) }
    })
  })
  const events: string[] = []
  const socket = await LightSocket.open({ url: node.url, cookie: alice.jar.header ?? '', onEvent: (name) => { events.push(name) } })
  await until('she is ready', async () => events.includes('session:ready'))
  t.same([...writes.values()], [2])
  socket.terminate()
})
