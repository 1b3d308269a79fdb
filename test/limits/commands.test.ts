import { randomUUID } from 'node:crypto'
import { createCommandLimit } from '../../realtime/command-limit.ts'
import type { ParleySocket } from '../../realtime/server.ts'
import { startNode } from '../helpers/node.ts'
import { people, person } from '../helpers/person.ts'
import type { TestSocket } from '../helpers/socket.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

const strict = { LIMITS: 'standard' }

const isAllowed = async (socket: TestSocket) => (await socket.ask('presence:unwatch', { userIds: [randomUUID()] })).ok

t.test('a flood of messages: all are answered, those allowed stay in order, and bob notices nothing', async (t) => {
  const node = await startNode(t, strict)
  const [alice, bob] = await people(node, 'alice', 'bob')
  const room = await alice.makeRoom()
  await bob.join(room)
  const [laptop, his] = await Promise.all([alice.connect(), bob.connect()])

  const flood = Promise.all(Array.from({ length: 1500 }, (_, index) =>
    laptop.ask('message:send', { roomId: room.id, id: randomUUID(), text: String(index) })))
  t.ok((await his.ask('typing:stop', { roomId: room.id })).ok, 'bob is answered')

  const acks = await flood
  const sent = acks.flatMap(({ data }) => data?.message ?? [])
  t.ok(sent.length >= 500, `${sent.length} are let through`)
  t.same(sent.map(({ seq }) => seq), sent.map(({ seq }) => seq).toSorted((a, b) => a - b), 'in the order in which they were sent')
  const refusals = acks.flatMap(({ error }) => error ?? [])
  t.equal(sent.length + refusals.length, 1500)
  t.ok(refusals.length > 0)
  t.ok(refusals.every(({ code, retryable, retryAfterMs = 0 }) => code === 'rate.limited' && retryable && retryAfterMs > 0 && retryAfterMs <= 5000))
  const log = await his.caughtUp(room.id, sent.at(-1)?.seq ?? 0)
  t.same(log.filter(({ type }) => type === 'message.sent').length, sent.length)
  await until('alice may go on', () => isAllowed(laptop))
})

t.test('all sockets of a user share one budget; what asks for no answer counts as well', async (t) => {
  const node = await startNode(t, strict)
  const alice = await person(node, 'alice')
  const [laptop, phone] = await Promise.all([alice.connect(), alice.connect()])
  for (let count = 0; count < 600; count++) laptop.client.emit('presence:unwatch', { userIds: [randomUUID()] })
  // Answered after all that came before it on this connection.
  t.match(await laptop.send('nothing', {}), { error: { code: 'rate.limited' } })
  t.notOk(await isAllowed(phone), 'her other device')
})

t.test('who goes on far beyond the rate is cut off, and counted', async (t) => {
  const node = await startNode(t, strict)
  const [mallory, bob] = await people(node, 'mallory', 'bob')
  const [hers, his] = await Promise.all([mallory.connect(), bob.connect()])
  for (let count = 0; count < 8000; count++) hers.client.emit('nothing', {})
  t.match(await hers.next('disconnect'), /transport/)
  t.match(await (await fetch(`${node.url}/metrics`)).text(), /parley_sockets_flooded_total\{node="n1"\} 1/)
  t.ok(await isAllowed(his))
})

t.test('what costs more uses the budget up sooner; with the window it begins anew', async (t) => {
  const asSocket = (userId: string) => ({ data: { actor: { userId } }, connected: true, conn: { close () {}, transport: {} } }) as unknown as ParleySocket
  let flooded = 0
  const limit = createCommandLimit({ rate: { most: 10, windowMs: 1000 }, costs: { 'room:sync': 5 }, onFlooded: () => { flooded++ } })
  await limit(asSocket('alice'), 'room:sync')
  await limit(asSocket('alice'), 'room:sync')
  for (const command of ['room:sync', 'typing:start']) {
    await t.rejects(limit(asSocket('alice'), command), { code: 'rate.limited' }, 'as another socket, too')
  }
  await limit(asSocket('bob'), 'room:sync')
  const tries = await Promise.allSettled(Array.from({ length: 100 }, () => limit(asSocket('alice'), 'typing:start')))
  t.ok(tries.every(({ status }) => status === 'rejected'))
  t.ok(flooded > 0, 'ten times the rate is a flood')
  await until('she may go on', () => limit(asSocket('alice'), 'typing:start').then(() => true, () => false))
})
