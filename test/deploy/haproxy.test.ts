import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '../../cluster/ports.ts'
import { retry } from '../../cluster/retry.ts'
import { startNodeProcess, type NodeProcess } from '../helpers/node-process.ts'
import type { Address } from '../helpers/node.ts'
import { person } from '../helpers/person.ts'
import { createStores, type Ending } from '../helpers/stores.ts'
import { until } from '../helpers/until.ts'
import { root } from '../repository/sources.ts'
import { t } from '../suite.ts'

const configuration = join(root, 'deploy/haproxy.cfg')
const skip = spawnSync('haproxy', ['-v']).error && 'there is no haproxy in the PATH; on Debian and Ubuntu: apt-get install haproxy'

t.test('HAProxy accepts its configuration', { skip }, async (t) => {
  const { status, stderr } = spawnSync('haproxy', ['-c', '-f', configuration], { encoding: 'utf8' })
  t.equal(status, 0, stderr)
})

/** The configuration as it is, with the addresses of these nodes and of a free port in place of the containers'. */
function configurationFor (nodes: Address[], port: number): string {
  return nodes.reduce(
    (text, { name, url }) => text.replace(`server ${name} ${name}:3000`, `server ${name} ${new URL(url).host}`),
    readFileSync(configuration, 'utf8').replace('bind :3000', `bind 127.0.0.1:${port}`)
  )
}

async function startHaproxy (t: Ending, nodes: Address[]): Promise<Address> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-haproxy-'))
  const file = join(folder, 'haproxy.cfg')
  const port = await findFreePort()
  writeFileSync(file, configurationFor(nodes, port))
  // -db: in the foreground, as a child that ends with its parent's signal.
  const child = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'ignore', process.env.TEST_LOG ? 2 : 'ignore'] })
  const sockets: Address['sockets'] = new Set()
  t.teardown(async () => {
    for (const socket of sockets) socket.close()
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    rmSync(folder, { recursive: true })
  })
  const url = `http://127.0.0.1:${port}`
  await retry(async () => {
    const { status } = await fetch(`${url}/readyz`)
    if (status !== 200) throw new Error(`HAProxy answers ${status}`)
  }, { timeoutMs: 15_000 })
  return { name: 'haproxy', url, sockets }
}

t.test('three nodes behind HAProxy', { skip }, async (t) => {
  const stores = await createStores(t)
  const start = (name: string) => startNodeProcess(t, { stores, NODE_NAME: name, TRUST_PROXY: 'loopback' })
  const nodes: [NodeProcess, NodeProcess, NodeProcess] = await Promise.all([start('n1'), start('n2'), start('n3')])
  const door = await startHaproxy(t, nodes)
  const alice = await person(door, 'alice')
  const room = await alice.makeRoom({ kind: 'public' })

  await t.test('each poll and each websocket goes to the node that holds its socket', async (t) => {
    const sockets = await Promise.all([['polling'], ['websocket'], ['polling', 'websocket']].flatMap((transports) =>
      Array.from({ length: 4 }, () => alice.connect({ transports }))))
    const { seq } = await alice.send(room, 'does everybody hear me?')
    for (const socket of sockets) {
      t.ok((await socket.ask('typing:start', { roomId: room.id })).ok)
      t.match((await socket.caughtUp(room.id, seq)).at(-1), { seq, type: 'message.sent' })
    }
    t.same([...new Set(sockets.map(({ ready }) => ready.node))].toSorted(), ['n1', 'n2', 'n3'], 'and all nodes have a part in it')
    for (const socket of sockets) socket.close()
  })

  await t.test('what a client says of its own address counts for nothing', async (t) => {
    const headers = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'elsewhere.example' }
    const { status } = await alice.request('POST', '/auth/login', { headers, body: { username: alice.username, password: alice.password } })
    t.equal(status, 200)
    const { body } = await alice.get('/auth/sessions')
    t.strictSame([...new Set(body.sessions.map(({ ip }) => ip))], ['127.0.0.1'])
  })

  await t.test('whose node is killed goes on at another', async (t) => {
    const socket = await alice.connect({ reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 200 })
    const [lost] = nodes.filter(({ name }) => name === socket.ready.node)
    await lost?.kill()
    const { node } = await socket.next('session:ready', ({ node }) => node !== lost?.name, 10_000)
    t.not(node, lost?.name)
    const { seq } = await alice.send(room, 'still here')
    t.ok(await socket.caughtUp(room.id, seq))
  })

  await t.test('a node that drains gets nothing new, and who is on it stays until it sends them on', async (t) => {
    const socket = await alice.connect({ reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 200 })
    const [drained] = nodes.filter(({ name }) => name === socket.ready.node)
    const ended = drained?.kill('SIGTERM')
    const { node } = await socket.next('session:ready', ({ node }) => node !== drained?.name, 15_000)
    t.not(node, drained?.name)
    await ended
    await until('requests find the node that is left', async () => (await alice.get('/auth/user')).status === 200)
  })
})
