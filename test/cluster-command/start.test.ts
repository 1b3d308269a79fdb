import { Redis } from 'ioredis'
import postgres from 'postgres'
import { nodeEnvironment } from '../../cluster/node-settings.ts'
import { startCluster } from '../../cluster/start.ts'
import { t } from '../suite.ts'
import { fakeServer, makeFolder, pidsOf, readClusterFile, until, untilGone } from './helpers.ts'

const lines: string[] = []
const dataDir = makeFolder(t)
const cluster = await startCluster({
  dataDir, port: 0, drainSeconds: 0, limits: 'relaxed', env: { LOG_LEVEL: 'error' }, server: fakeServer, log: (line) => lines.push(line),
})
t.teardown(() => cluster.stop())

const get = async (url: string) => await (await fetch(url)).json() as Record<string, string>
const pidChanges = (what: string, read: () => number | null, old: number | null) =>
  until(`another ${what} than pid ${old}`, () => read() !== old && read())

t.test('cluster.json tells the truth', (t) => {
  t.strictSame(readClusterFile(dataDir), {
    url: cluster.url, balancer: cluster.balancer, nodes: cluster.nodes, postgres: cluster.postgres, redis: cluster.redis,
  })
  t.match(cluster.nodes, [{ name: 'n1' }, { name: 'n2' }, { name: 'n3' }])
  t.end()
})

t.test('a node is told what it needs', async (t) => {
  const seen = await get(cluster.nodes[0]!.url)
  t.match(seen, { NODE_NAME: 'n1', TRUST_PROXY: 'loopback', LIMITS: 'relaxed', PUBLIC_URL: cluster.url, DRAIN_SECONDS: '0' })
  t.match(seen.SESSION_SECRET, /^[0-9a-f]{64}$/)
})

t.test('what the environment says of the address and the proxies holds', async (t) => {
  const surroundings = { databaseUrl: cluster.postgres.url, redisUrl: cluster.redis.url, publicUrl: cluster.url }
  const given = { PUBLIC_URL: 'https://chat.example.com', TRUST_PROXY: '10.0.0.0/8' }
  t.match(nodeEnvironment({ dataDir }, surroundings, given), given)
})

t.test('its Postgres has a connection for each that a node may open', async (t) => {
  const many = await startCluster({ dataDir: makeFolder(t), port: 0, nodes: 2, env: { DATABASE_CONNECTIONS: '300' }, server: fakeServer })
  t.teardown(() => many.stop())
  const sql = postgres(many.postgres.url, { max: 1 })
  t.teardown(() => sql.end({ timeout: 1 }))
  const [setting] = await sql`show max_connections`
  t.match(setting, { max_connections: '622' })
})

t.test('every node takes its turn behind the balancer', async (t) => {
  const names = [await get(cluster.url), await get(cluster.url), await get(cluster.url)].map((seen) => seen.NODE_NAME)
  t.strictSame(names.toSorted(), ['n1', 'n2', 'n3'])
})

t.test('a killed node comes back on its URL', async (t) => {
  const { pid, url } = cluster.nodes[1]!
  process.kill(pid!, 'SIGKILL')
  await pidChanges('n2', () => cluster.nodes[1]!.pid, pid)
  t.match(await until('an answer of n2', () => get(url).catch(() => undefined)), { NODE_NAME: 'n2' })
  await until('the new pid in cluster.json', () => readClusterFile(dataDir).nodes[1]!.pid === cluster.nodes[1]!.pid)
  t.equal(cluster.nodes[1]!.url, url)
  t.ok(lines.some((line) => line.startsWith('n2: ended (SIGKILL), starts again')), 'and one line says so')
})

t.test('a killed balancer comes back on its port', async (t) => {
  const { pid } = cluster.balancer
  process.kill(pid!, 'SIGKILL')
  await pidChanges('balancer', () => cluster.balancer.pid, pid)
  t.ok(await until('an answer of the balancer', () => get(cluster.url).catch(() => undefined)))
})

t.test('a killed Redis comes back with its data', async (t) => {
  const redis = new Redis(cluster.redis.url, { retryStrategy: () => 50 })
  redis.on('error', () => {})
  t.teardown(() => redis.disconnect())
  await redis.set('name', 'alice')
  const { pid } = cluster.redis
  process.kill(pid!, 'SIGKILL')
  await pidChanges('Redis', () => cluster.redis.pid, pid)
  t.equal(await until('what was stored', () => redis.get('name').catch(() => undefined)), 'alice')
})

t.test('a killed Postgres comes back with its data, also when killed twice', async (t) => {
  const sql = postgres(cluster.postgres.url, { max: 1, connect_timeout: 1 })
  t.teardown(() => sql.end({ timeout: 1 }))
  await sql`create table people (name text)`
  for (const name of ['alice', 'bob']) {
    await sql`insert into people values (${name})`
    const { pid } = cluster.postgres
    process.kill(pid!, 'SIGKILL')
    await pidChanges('Postgres', () => cluster.postgres.pid, pid)
    await until('a query', () => sql`select 1`.catch(() => undefined))
  }
  t.strictSame([...await sql`select name from people order by name`], [{ name: 'alice' }, { name: 'bob' }])
})

t.test('a Postgres that somebody asks to stop does not wait for its clients, and comes back', async (t) => {
  const sql = postgres(cluster.postgres.url, { max: 1, connect_timeout: 1 })
  t.teardown(() => sql.end({ timeout: 1 }))
  await sql`select 1`
  const { pid } = cluster.postgres
  process.kill(pid!, 'SIGTERM')
  await pidChanges('Postgres', () => cluster.postgres.pid, pid)
  await until('a query', () => sql`select 1`.catch(() => undefined))
})

t.test('stopping leaves no process and no cluster.json', async (t) => {
  const pids = pidsOf(readClusterFile(dataDir))
  t.equal(pids.length, 6)
  await cluster.stop()
  await untilGone(pids)
  t.throws(() => readClusterFile(dataDir), { code: 'ENOENT' })
})

t.test('a node that cannot start ends the start, with its own words', async (t) => {
  const start = startCluster({ dataDir, port: 0, nodes: 1, env: { FAKE_COMPLAINT: 'The moon is wrong.' }, server: fakeServer })
  await t.rejects(start, /n1 ended \(code 1\) before it was ready:\nThe moon is wrong\./)
})

t.test('a start that is given up stops what it has started', async (t) => {
  const giveUp = new AbortController()
  const log = (line: string) => { if (line.startsWith('redis: ready')) giveUp.abort(new Error('no longer wanted')) }
  await t.rejects(startCluster({ dataDir, port: 0, server: fakeServer, log, signal: giveUp.signal }), /no longer wanted/)
  t.throws(() => readClusterFile(dataDir), { code: 'ENOENT' })
})
