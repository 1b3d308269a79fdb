import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { buildApp } from '../../app.ts'
import { headersOf, uploaded } from '../attachments/world.ts'
import { startBalancer } from '../../cluster/balancer.ts'
import { readConfig } from '../../plugins/config.ts'
import { testEnvironment, type Address } from '../helpers/node.ts'
import { person, type Person } from '../helpers/person.ts'
import { createStores, type Ending } from '../helpers/stores.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

const timeouts = { headersMs: 400, requestMs: 800, uploadMs: 5000, stalledMs: 500, checkMs: 50 }

interface Impatient extends Address {
  server: Server
  /** What was logged as a failure of the node's. */
  errors: unknown[]
  hasGuests: () => boolean
}

/** A node that waits for nobody, and what it logs. */
async function startImpatientNode (t: Ending, settings: Record<string, string> = {}): Promise<Impatient> {
  const config = readConfig(testEnvironment(await createStores(t), settings))
  const app = await buildApp({ config, timeouts })
  const errors: unknown[] = []
  const hasGuests = (): boolean => app.realtime.io.engine.clientsCount > 0
  app.log.error = (fields: unknown) => { errors.push(fields) }
  t.teardown(() => app.close())
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, name: config.NODE_NAME, sockets: new Set(), server: app.server, errors, hasGuests }
}

async function startImpatientBalancer (t: Ending, node: Address): Promise<Address> {
  const balancer = await startBalancer({ host: '127.0.0.1', port: 0, nodes: [node], timeouts })
  t.teardown(() => balancer.close())
  return { url: `http://127.0.0.1:${balancer.port}`, name: node.name, sockets: new Set() }
}

/** Sends this much, and then nothing; resolves with all that is answered until it is closed. */
async function sendOnly (t: Ending, { url }: Address, text: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket: Socket = connect(Number(port), hostname)
  t.teardown(() => socket.destroy())
  let heard = ''
  socket.on('data', (part) => { heard += part.toString() })
  socket.write(text)
  await once(socket, 'close', { signal: AbortSignal.timeout(10_000) })
  return heard
}

const halfHeaders = 'POST /api/auth/login HTTP/1.1\r\nHost: parley\r\nContent-'
const halfBody = 'POST /api/auth/login HTTP/1.1\r\nHost: parley\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"username":'
/** Refused by its headers alone. */
const halfForeign = halfBody.replace('Host:', 'Origin: https://elsewhere.example\r\nHost:')

for (const [where, start] of [
  ['a node', async (_t: Ending, node: Address) => node], ['the balancer', startImpatientBalancer]
] as const) {
  t.test(`whoever sends slowly is answered request.timeout by ${where}; polls and websockets go on`, async (t) => {
    const node = await startImpatientNode(t)
    const door = await start(t, node)
    const alice = await person(node, 'alice')
    const socket = await alice.at(door).connect()
    const polling = await alice.at(door).connect({ transports: ['polling'] })
    // A poll that is closed from the other side is waited for.
    t.teardown(async () => {
      for (const each of [socket, polling]) each.close()
      await until('they have said goodbye', () => !node.hasGuests())
    })

    const answers = await Promise.all([sendOnly(t, door, halfHeaders), sendOnly(t, door, halfBody)])

    for (const answer of answers) {
      t.match(answer, /^HTTP\/1.1 408 /)
      t.match(JSON.parse(answer.split('\r\n\r\n')[1] ?? ''), { error: { code: 'request.timeout', retryable: true } })
    }
    // Both are older than what was cut off, and one has had a request open all the while.
    for (const { client } of [socket, polling]) {
      t.ok(client.connected)
      t.ok((await (client === socket.client ? socket : polling).ask('presence:set', { status: 'away' })).ok)
    }
    t.notOk([...socket.received, ...polling.received].some(({ event }) => event === 'disconnect'))
    t.same(node.errors, [], 'and it is no failure of the server\'s')
    for (const { client } of [socket, polling]) client.disconnect()
  })
}

t.test('an upload of somebody who may has longer, at a node and through the balancer; of anybody else it has not', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-test-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const node = await startImpatientNode(t, { FILES_DIR: folder })
  const balancer = await startImpatientBalancer(t, node)
  const alice = await person(node, 'alice')
  const mallory = await person(node, 'mallory')
  const room = await alice.makeRoom({ kind: 'private' })
  const [first, rest] = ['--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nslow', 'ly\r\n--b--\r\n'] as const
  const head = (who: Person) => `POST /api/rooms/${room.id}/attachments HTTP/1.1\r\nHost: parley\r\nCookie: ${who.jar.header}\r\n` +
    `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: ${first.length + rest.length}\r\nConnection: close\r\n\r\n`
  const slowly = async (door: Address, who: Person) => {
    const { hostname, port } = new URL(door.url)
    const socket = connect(Number(port), hostname)
    t.teardown(() => socket.destroy())
    let heard = ''
    socket.on('data', (part) => { heard += part.toString() })
    socket.on('error', () => {})
    socket.write(head(who) + first)
    const late = setTimeout(() => { socket.write(rest) }, 2 * timeouts.requestMs)
    if (!socket.closed) await once(socket, 'close', { signal: AbortSignal.timeout(10_000) })
    clearTimeout(late)
    return heard
  }
  for (const door of [node, balancer]) {
    t.match(await slowly(door, alice), /^HTTP\/1.1 201 /)
    t.match(await slowly(door, mallory), /^HTTP\/1.1 404 /)
  }
})

t.test('whoever was answered early and sends the rest slowly gets no second answer, from a node or through the balancer', async (t) => {
  const node = await startImpatientNode(t)
  const balancer = await startImpatientBalancer(t, node)

  const answers = await Promise.all([node, balancer].map((door) => sendOnly(t, door, halfForeign)))

  for (const answer of answers) {
    t.match(answer, /^HTTP\/1.1 403 /)
    t.equal(answer.split('HTTP/1.1').length - 1, 1, answer)
  }
  t.same(node.errors, [])
})

t.test('whoever fetches a file and takes nothing of it is cut off, and nothing stays open for them', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-test-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const node = await startImpatientNode(t, { FILES_DIR: folder })
  const alice = await person(node, 'alice')
  const room = await alice.makeRoom({ kind: 'private' })
  const { id } = await uploaded(alice, room, 'x'.repeat(10_000_000))
  const { hostname, port } = new URL(node.url)
  const socket = connect(Number(port), hostname)
  t.teardown(() => socket.destroy())
  socket.on('error', () => {})
  const closed = new Promise((resolve) => { node.server.once('connection', (theirs) => theirs.once('close', resolve)) })
  socket.pause()
  socket.write(`GET /api/rooms/${room.id}/attachments/${id} HTTP/1.1\r\nHost: parley\r\nCookie: ${alice.jar.header}\r\n\r\n`)
  t.ok(await Promise.race([closed.then(() => true), wait(10_000, false, { ref: false })]))
  t.equal((await (await fetch(`${node.url}/api/rooms/${room.id}/attachments/${id}`, { headers: headersOf(alice) })).text()).length, 10_000_000)
  t.same(node.errors, [])
})
