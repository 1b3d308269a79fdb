import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { pino } from 'pino'
import t from 'tap'
import { Feed } from '../../realtime/feed/feed.ts'
import { createWorld } from '../domain/world.ts'

t.test('a room\'s tail is what its very many listeners have been told, and they are told everything', async (t) => {
  const { log, history, rooms, messages, user } = await createWorld(t)
  const alice = await user('alice')
  const room = await rooms.make(alice, { name: 'Tea', kind: 'public' })
  const told: number[] = []
  const feed = new Feed({
    history,
    log: pino({ level: 'silent' }),
    // This node is alone.
    channels: { isAlive: true, subscribe: async () => {}, unsubscribe () {}, publish () {} },
    onDue: (_roomId, events) => { told.push(...events.map(({ seq }) => seq)) },
    onGone () {},
    onReset () {},
    onFilled: (count) => { t.equal(count, 0, 'nothing had to be read again') },
    countListeners: () => 2500
  })
  await feed.open([room.id])
  log.onCommitted((committed) => { feed.commit(committed) })
  const last = 30
  for (let seq = 2; seq <= last; seq++) {
    await messages.send(alice, { roomId: room.id, id: randomUUID(), text: `tea ${seq}` })
    t.equal(feed.get(room.id)?.tail, told.at(-1) ?? 1)
  }
  const deadline = Date.now() + 5000
  while (told.at(-1) !== last && Date.now() < deadline) await nextTurn()
  t.same(told, Array.from({ length: last - 1 }, (_, index) => 2 + index))
})
