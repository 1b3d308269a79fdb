import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { startNodeProcess } from '../helpers/node-process.ts'
import { people } from '../helpers/person.ts'
import { createStores } from '../helpers/stores.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

t.test('X1: a node that is told to stop sends its clients elsewhere, spread over the time, loses nothing, and ends', async (t) => {
  const stores = await createStores(t)
  const one = await startNodeProcess(t, { stores, NODE_NAME: 'n1', DRAIN_SECONDS: 1 })
  const two = await startNodeProcess(t, { stores, NODE_NAME: 'n2' })
  const [alice, bob] = await people(one, 'alice', 'bob')
  const room = await alice.makeRoom()
  await bob.join(room)
  const alice2 = await alice.at(two).connect()
  const sockets = await Promise.all(Array.from({ length: 6 }, () => bob.connect()))

  const ended = once(one.child, 'exit')
  one.child.kill('SIGTERM')
  const told = await Promise.all(sockets.map((socket) => socket.next('server:draining')))
  t.ok(told.every(({ reconnectAfterMs }) => reconnectAfterMs >= 0 && reconnectAfterMs <= 1000))
  t.equal(new Set(told.map(({ reconnectAfterMs }) => reconnectAfterMs)).size, 6, 'not all at once')
  await until('/readyz says no', async () => (await fetch(`${one.url}/readyz`)).status === 503)
  t.ok(await bob.socket({ timeout: 1000 }).refusal() === undefined, 'nobody new gets in, and a plain client tries again')

  const latest = sockets[told.findIndex(({ reconnectAfterMs }) => reconnectAfterMs === Math.max(...told.map((each) => each.reconnectAfterMs)))]
  const { message } = await latest?.do('message:send', { roomId: room.id, id: randomUUID(), text: 'while it drains' }) ?? {}
  await alice2.caughtUp(room.id, message?.seq ?? 0)
  for (const socket of sockets) t.equal(await socket.next('disconnect'), 'transport close')
  t.same(await ended, [0, null])
  const bob2 = await bob.at(two).connect()
  t.match((await bob2.do('room:sync', { rooms: [{ roomId: room.id, after: 0 }] })).rooms, [{ lastSeq: 3, hasMore: false }])
})

t.test('a second signal ends a draining node at once', async (t) => {
  const one = await startNodeProcess(t, { DRAIN_SECONDS: 60 })
  const ended = once(one.child, 'exit')
  one.child.kill('SIGTERM')
  await until('it drains', async () => (await fetch(`${one.url}/readyz`)).status === 503)
  one.child.kill('SIGTERM')
  t.same(await ended, [1, null])
})
