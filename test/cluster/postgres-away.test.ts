import { randomUUID } from 'node:crypto'
import { startPostgres } from '../../cluster/postgres.ts'
import { startNodes } from '../helpers/node.ts'
import { people } from '../helpers/person.ts'
import { createStores } from '../helpers/stores.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

t.test('27: Postgres restarts: nodes stay up, answer server.unavailable, and recover by themselves; D1: nothing acked is lost', async (t) => {
  const postgres = await startPostgres()
  t.teardown(() => postgres.stop())
  const stores = { ...await createStores(t), databaseUrl: postgres.url }
  const [one, two] = await startNodes(t, 2, { stores })
  const [alice, bob] = await people(one, 'alice', 'bob')
  const room = await alice.makeRoom()
  await bob.join(room)
  const [alice1, bob2] = [await alice.connect(), await bob.at(two).connect()]
  const acked: number[] = []
  const send = async () => {
    const { ok, data, error } = await alice1.ask('message:send', { roomId: room.id, id: randomUUID(), text: 'hello' })
    if (ok && data) acked.push(data.message.seq)
    return error?.code
  }
  for (let count = 0; count < 20; count++) await send()

  await postgres.kill()
  t.equal(await send(), 'server.unavailable')
  t.match(await bob.get('/rooms'), { status: 503, body: { error: { code: 'server.unavailable', retryable: true } } })
  t.equal((await fetch(`${one.url}/readyz`)).status, 503)
  t.equal((await fetch(`${one.url}/healthz`)).status, 200)

  await postgres.restart()
  await until('a send is acked again', async () => await send() === undefined)
  const last = acked.at(-1) ?? 0
  const seen = (await bob2.caughtUp(room.id, last)).map(({ seq }) => seq)
  t.same(seen, Array.from({ length: last - 2 }, (_, index) => index + 3), 'every event once, in order, no gap')
  t.ok(acked.every((seq) => seen.includes(seq)), 'whatever was acked is there')
  t.notOk([alice1, bob2].some(({ received }) => received.some(({ event }) => event === 'disconnect')), 'no socket was closed')
})
