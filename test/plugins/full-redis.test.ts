import { Writable } from 'node:stream'
import { pino } from 'pino'
import { buildApp, readConfig, serializeError } from '../../app.ts'
import { startRedis } from '../../cluster/redis.ts'
import { testEnvironment } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import { createStores } from '../helpers/stores.ts'
import type { TestSocket } from '../helpers/socket.ts'
import { t } from '../suite.ts'

t.test('a Redis that is full: nobody can log in for the moment, the node says so, and the log holds no session id', async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const lines: string[] = []
  const stream = new Writable({
    write (line: Buffer, _encoding, done) {
      lines.push(line.toString())
      done()
    }
  })
  const config = readConfig(testEnvironment({ ...await createStores(t), redisUrl: redis.url }))
  const app = await buildApp({ config, logger: pino({ level: 'trace', serializers: { err: serializeError } }, stream) })
  t.teardown(() => app.close())
  const node = { name: 'n1', url: await app.listen({ host: '127.0.0.1', port: 0 }), sockets: new Set<TestSocket>() }
  const alice = await person(node, 'alice')
  const { sid = '' } = (await app.readSession(alice.jar.header))?.session ?? {}
  t.equal((await fetch(`${node.url}/readyz`)).status, 200)

  await app.redis.commands.config('SET', 'maxmemory', '1mb')
  const refused = await stranger(node).post('/auth/login', { username: 'alice', password: alice.password })
  const out = await alice.post('/auth/logout')
  t.equal(refused.status, 503)
  t.match(refused.body.error, { code: 'server.unavailable', retryable: true })
  const ready = await fetch(`${node.url}/readyz`)
  t.equal(ready.status, 503)
  t.match(await ready.json(), { checks: { postgres: true, redis: false } })

  const log = lines.join('')
  t.match(log, /"message":"(OOM|EXECABORT)/, `the refusal is logged (the logout: ${out.status})`)
  t.notMatch(log, /"args"|previousErrors/)
  t.ok(sid.length > 20)
  t.notOk(log.includes(sid))

  await app.redis.commands.config('SET', 'maxmemory', '0')
  t.equal((await stranger(node).post('/auth/login', { username: 'alice', password: alice.password })).status, 200)
})
