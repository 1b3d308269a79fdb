import { once } from 'node:events'
import { connect } from 'node:net'
import postgres from 'postgres'
import type { Test } from 'tap'
import { buildApp, ConfigError, readConfig } from '../../app.ts'
import { findFreePort } from '../../cluster/ports.ts'
import { startRedis } from '../../cluster/redis.ts'
import { withoutPassword } from '../../plugins/start-up.ts'
import { startNode, testEnvironment } from '../helpers/node.ts'
import { createStores } from '../helpers/stores.ts'
import { t } from '../suite.ts'

/** What a node says that cannot start with these settings. */
async function refusal (t: Test, settings: Record<string, string>, stores = createStores(t)): Promise<string> {
  const config = readConfig(testEnvironment(await stores, settings))
  const error: unknown = await buildApp({ config }).then((app) => app.close(), (reason: unknown) => reason)
  t.type(error, ConfigError)
  const { message } = error as Error
  t.match(message, /^Parley cannot start\. [^\n]+\.$/, 'in one sentence')
  return message
}

function change (url: string, parts: Partial<URL>): string {
  return Object.assign(new URL(url), parts).href
}

t.test('a Postgres that refuses is said at once, with what to mend and without the password', async (t) => {
  const stores = await createStores(t)
  const begun = Date.now()
  const user = change(stores.databaseUrl, { username: 'mallory', password: 'geheim' })
  const said = await refusal(t, { DATABASE_URL: user }, Promise.resolve(stores))
  t.match(said, /Postgres at postgres:\/\/mallory:\*\*\*@\S+ refuses \(role "mallory" does not exist\): set the user and the password in DATABASE_URL/)
  t.notMatch(said, 'geheim')
  const missing = change(stores.databaseUrl, { pathname: '/nowhere' })
  t.match(await refusal(t, { DATABASE_URL: missing }, Promise.resolve(stores)), /\(database "nowhere" does not exist\): create the database/)
  t.ok(Date.now() - begun < 6000)
})

t.test('a database of a newer release is refused', async (t) => {
  const stores = await createStores(t)
  const sql = postgres(stores.databaseUrl, { max: 1 })
  await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('of a later release', ${Date.UTC(2100, 0)})`
  await sql.end()
  t.match(await refusal(t, {}, Promise.resolve(stores)), /\(the database belongs to a newer release\): start the release that/)
})

t.test('a Redis that refuses is said at once, with what to mend and without the password', async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const begun = Date.now()
  t.match(await refusal(t, { REDIS_URL: `${redis.url}/99` }), /DB index is out of range\): set REDIS_URL to a database/)
  await demandPassword(redis.port, 'geheim')
  t.match(await refusal(t, { REDIS_URL: redis.url }), /\(NOAUTH [^)]*.*put its password into REDIS_URL/)
  const wrong = await refusal(t, { REDIS_URL: change(redis.url, { password: 'verraten' }) })
  t.match(wrong, /Redis at redis:\/\/:\*\*\*@\S+ refuses \(WRONGPASS .*set the user and the password in REDIS_URL/)
  t.notMatch(wrong, 'verraten')
  t.ok(Date.now() - begun < 6000)
  const node = await startNode(t, { REDIS_URL: change(redis.url, { password: 'geheim' }) })
  t.equal((await fetch(`${node.url}/readyz`)).status, 200)
})

t.test('a store that does not answer is named with the reason', async (t) => {
  const port = await findFreePort()
  const [redis, database] = await Promise.all([
    refusal(t, { REDIS_URL: `redis://127.0.0.1:${port}` }),
    refusal(t, { DATABASE_URL: `postgres://alice:geheim@127.0.0.1:${port}/parley` })
  ])
  t.match(redis, `No Redis answers at redis://127.0.0.1:${port} (connect ECONNREFUSED 127.0.0.1:${port}): start it, or set REDIS_URL.`)
  t.match(database, `No Postgres answers at postgres://alice:***@127.0.0.1:${port}/parley (connect ECONNREFUSED`)
})

t.test('no password is printed, whatever it looks like', async (t) => {
  t.equal(withoutPassword('postgres://alice:p@ss:w/ord@one:1,two:2/parley?password=x'), 'postgres://alice:***@one:1,two:2/parley')
  t.equal(withoutPassword('redis://:secret@host:6379/1'), 'redis://:***@host:6379/1')
  t.equal(withoutPassword('redis://host:6379'), 'redis://host:6379')
})

/** Makes a Redis that is open ask for a password from now on. */
async function demandPassword (port: number, password: string): Promise<void> {
  const socket = connect(port, '127.0.0.1').end(`CONFIG SET requirepass ${password}\r\n`)
  await once(socket, 'data')
}
