import { existsSync } from 'node:fs'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import { startPostgres } from '../../cluster/postgres.ts'
import { startRedis } from '../../cluster/redis.ts'
import { isAlive } from '../../cluster/process-identity.ts'
import { t } from '../suite.ts'

t.test("a Redis of one's own stays down when it is killed, and returns to its port with its data", async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const { pid, url } = server
  const redis = new Redis(url, { retryStrategy: () => 50 })
  redis.on('error', () => {})
  t.teardown(() => redis.disconnect())
  await redis.set('name', 'alice')
  await server.kill()
  t.equal(server.pid, null)
  t.notOk(isAlive(pid!))
  await server.restart()
  t.equal(server.url, url)
  t.equal(await redis.get('name'), 'alice')
})

t.test("a Postgres of one's own does the same", async (t) => {
  const server = await startPostgres()
  t.teardown(() => server.stop())
  const ask = async (query: string) => {
    const sql = postgres(server.url, { max: 1, fetch_types: false })
    return await sql.unsafe(query).finally(() => sql.end())
  }
  await ask("create table people as select 'alice' as name")
  await server.kill()
  await t.rejects(ask('select 1'), { code: 'ECONNREFUSED' })
  await server.restart()
  t.strictSame([...await ask("select name, upper('é') as letter from people")], [{ name: 'alice', letter: 'É' }])
})

t.test('temporary data is gone after the stop', async (t) => {
  const [redis, database] = await Promise.all([startRedis(), startPostgres({ fast: true })])
  const client = new Redis(redis.url)
  const [, place = ''] = await client.config('GET', 'dir')
  client.disconnect()
  t.ok(existsSync(place))
  await Promise.all([redis.stop(), database.stop()])
  t.notOk(existsSync(place))
})
