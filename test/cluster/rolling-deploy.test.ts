import type { ServerEventPayload } from '../../contract/index.ts'
import { restartNode, startTestCluster } from '../helpers/cluster.ts'
import { people, type Person } from '../helpers/person.ts'
import type { TestSocket } from '../helpers/socket.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

const crowdSize = 300
const reconnecting = { reconnection: true, reconnectionDelay: 100, reconnectionDelayMax: 1000 }

/** Watches everybody, on every connection anew, and keeps what was said of anybody but that they are online. */
async function observe (watcher: Person, userIds: string[]) {
  const socket = await watcher.connect(reconnecting)
  const said: string[] = []
  let looks = 0
  const note = (users: Array<{ status: string }>): void => { said.push(...users.map(({ status }) => status).filter((status) => status !== 'online')) }
  const look = async (): Promise<void> => {
    const pages = Array.from({ length: Math.ceil(userIds.length / 100) }, (_, page) => userIds.slice(page * 100, page * 100 + 100))
    for (const page of pages) note((await socket.do('presence:watch', { userIds: page })).users)
    looks++
  }
  socket.client.on('presence:changed', ({ users }: ServerEventPayload<'presence:changed'>) => { note(users) })
  await look()
  let failure: unknown
  socket.client.on('session:ready', () => { look().catch((error: unknown) => { failure = error }) })
  return { socket, said, looks: () => { if (failure instanceof Error) throw failure; return looks } }
}

const nodesOf = (sockets: TestSocket[]): Set<string> => new Set(sockets.map(({ ready }) => ready.node))

t.test('P2: a rolling deploy of three nodes shows nobody of three hundred as offline', { timeout: 120_000 }, async (t) => {
  const running = await startTestCluster(t, { nodes: 3, drainSeconds: 2 })
  const { front, cluster } = running
  const [host] = await people(front, 'host')
  const room = await host.makeRoom()
  const crowd = (await inPieces(crowdSize, 25, async (index) => {
    const [one] = await people(front, `person-${index}`)
    if (!one) throw new Error('There is somebody for every name.')
    await one.join(room)
    return { person: one, socket: await one.connect(reconnecting) }
  }))
  t.equal(nodesOf(crowd.map(({ socket }) => socket)).size, 3, 'they are on all three nodes')
  let returns = 0
  for (const { socket } of crowd) socket.client.on('session:ready', () => { returns++ })

  const [carol] = await people(front, 'carol')
  await carol.join(room)
  const userIds = crowd.map(({ person }) => person.id)
  const observers = await Promise.all([observe(host, userIds), observe(carol, userIds)])
  for (const { said } of observers) t.same(said, [], 'all are online before')

  for (const { name } of cluster.nodes) await restartNode(running, name)
  await until('everybody is back', () => crowd.every(({ socket }) => socket.client.connected), 20_000)
  t.ok(returns >= crowdSize, `every one of them has moved: ${returns} returns`)
  await until('the observers are back and have looked anew', () => observers.every(({ looks, socket }) => looks() >= 2 && socket.client.connected), 20_000)

  // Whoever goes now is the last to be told of: nothing said before is still on its way.
  const last = crowd[0]
  await last?.person.post('/auth/logout')
  for (const { socket } of observers) {
    await socket.next('presence:changed', ({ users }) => users.some(({ userId, status }) => userId === last?.person.id && status === 'offline'), 10_000)
  }
  for (const { said } of observers) t.same(said, ['offline'], 'nobody but whoever signed out was ever shown as anything but online')
})

async function inPieces<T> (count: number, size: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = []
  for (let start = 0; start < count; start += size) {
    made.push(...await Promise.all(Array.from({ length: Math.min(size, count - start) }, (_, index) => make(start + index))))
  }
  return made
}
