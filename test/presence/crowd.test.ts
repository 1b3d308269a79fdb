import { randomInt, randomUUID } from 'node:crypto'
import { retry } from '../../cluster/retry.ts'
import { t } from '../suite.ts'
import { createWorld, deadlineMs, startPresenceNodes, type PresenceNode } from './world.ts'

interface Device { node: PresenceNode, connectionId: string }

/** Who is really connected: kept beside the nodes, and compared when they have come to rest. */
class Model {
  readonly devices = new Map<string, Device[]>()

  isConnected (userId: string): boolean {
    return (this.devices.get(userId) ?? []).length > 0
  }

  async step (userId: string, node: PresenceNode): Promise<void> {
    const devices = this.devices.get(userId) ?? []
    this.devices.set(userId, devices)
    const device = randomInt(2) === 0 ? devices.pop() : undefined
    if (device) device.node.disconnect(device.connectionId, randomInt(2) === 0 ? 'logout' : 'dropped')
    else devices.push({ node, connectionId: await node.connect(userId) })
  }

  /** A node has died, and all that was on it. */
  lose (node: PresenceNode): void {
    for (const [userId, devices] of this.devices) this.devices.set(userId, devices.filter((device) => device.node !== node))
  }
}

t.test('a thousand people come and go on three nodes, one of which dies: at rest all agree with what is so', async (t) => {
  const world = createWorld(t)
  const nodes = await startPresenceNodes(t, world, 3)
  const [n1, n2, n3] = nodes
  const crowd = Array.from({ length: 1000 }, () => randomUUID())
  const watcher = randomUUID()
  const connectionId = await n1.connect(watcher)
  const seen = new Map<string, string>()
  for (const { userId, status } of await n1.service.watch(connectionId, watcher, crowd)) seen.set(userId, status)

  const model = new Model()
  for (let round = 0; round < 4; round++) {
    await Promise.all(crowd.map((userId) => model.step(userId, nodes[randomInt(3)] ?? n1)))
  }
  n2.crash()
  model.lose(n2)

  await retry(async () => {
    const statuses = await n3.service.read(crowd)
    const wrong = statuses.filter(({ userId, status }) => (status === 'online') !== model.isConnected(userId))
    if (wrong.length > 0) throw new Error(`${wrong.length} are shown wrongly`)
  }, { timeoutMs: deadlineMs })
  await retry(async () => {
    for (const [userId, status] of n1.toldTo(connectionId)) seen.set(userId, status)
    const wrong = crowd.filter((userId) => (seen.get(userId) === 'online') !== model.isConnected(userId))
    if (wrong.length > 0) throw new Error(`${wrong.length} are known wrongly to the one who watches`)
  }, { timeoutMs: deadlineMs })
  t.ok(crowd.some((userId) => model.isConnected(userId)) && crowd.some((userId) => !model.isConnected(userId)))
})

t.test('P2: three nodes are replaced one by one, and of 300 people nobody is ever called offline', async (t) => {
  const world = createWorld(t)
  const [n1, n2, n3] = await startPresenceNodes(t, world, 3)
  const crowd = Array.from({ length: 300 }, () => ({ userId: randomUUID(), sessionId: randomUUID() }))
  const userIds = crowd.map(({ userId }) => userId)
  const places = new Map<string, PresenceNode>()
  await Promise.all(crowd.map(({ userId, sessionId }, index) => {
    const node = [n1, n2, n3][index % 3] ?? n1
    places.set(userId, node)
    return node.connect(userId, sessionId)
  }))

  const watchers = new Map<PresenceNode, string>()
  for (const node of [n1, n2, n3]) {
    const connectionId = await node.connect(randomUUID())
    await node.service.watch(connectionId, randomUUID(), userIds)
    watchers.set(node, connectionId)
  }
  for (const [leaving, next] of [[n1, n2], [n2, n3]] as const) {
    leaving.service.drain()
    const moving = crowd.filter(({ userId }) => places.get(userId) === leaving)
    await leaving.service.close()
    t.notOk((await n3.service.read(userIds)).some(({ status }) => status !== 'online'))
    for (const { userId, sessionId } of moving) {
      await next.connect(userId, sessionId)
      places.set(userId, next)
    }
  }
  // A drop that ends later than every grace before it.
  const fence = await n3.watch(randomUUID(), userIds[0] ?? '')
  const late = randomUUID()
  n3.disconnect(await n3.connect(late), 'drained')
  await n3.service.watch(fence.connectionId, randomUUID(), [late])
  await n3.told(fence.connectionId, late, 'offline')
  t.same([...watchers].flatMap(([node, connectionId]) => node.toldTo(connectionId)), [])
  t.notOk((await n3.service.read(userIds)).some(({ status }) => status !== 'online'))
})
