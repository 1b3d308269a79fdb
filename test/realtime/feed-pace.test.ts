import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { pino } from 'pino'
import type { RoomEvent } from '../../contract/index.ts'
import { Feed, type FeedOptions } from '../../realtime/feed/feed.ts'
import { createWorld } from '../domain/world.ts'
import { t } from '../suite.ts'

function createFeed (history: FeedOptions['history'], onDue: FeedOptions['onDue'], onFilled: FeedOptions['onFilled']): Feed {
  return new Feed({
    history,
    log: pino({ level: 'silent' }),
    // This node is alone.
    channels: { isAlive: true, subscribe: async () => {}, unsubscribe () {}, publish () {} },
    onDue,
    onGone () {},
    onReset () {},
    onFilled,
    countListeners: () => 2500
  })
}

t.test('a room\'s tail is what its very many listeners have been told, and they are told everything', async (t) => {
  const { log, history, rooms, messages, user } = await createWorld(t)
  const alice = await user('alice')
  const room = await rooms.make(alice, { name: 'Tea', kind: 'public' })
  const told: number[] = []
  const feed = createFeed(history, (_roomId, events) => { told.push(...events.map(({ seq }) => seq)) }, (count) => { t.equal(count, 0, 'nothing had to be read again') })
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

t.test('what comes from several nodes while a room rests is told in the order of the log', async (t) => {
  const { history, rooms, user } = await createWorld(t)
  const alice = await user('alice')
  const room = await rooms.make(alice, { name: 'Tea', kind: 'public' })
  const told: Array<{ events: RoomEvent[], json: string | undefined }> = []
  const feed = createFeed(history, (_roomId, events, json) => { told.push({ events, json }) }, () => {})
  await feed.open([room.id])
  const epoch = feed.get(room.id)?.epoch ?? ''
  const said = (seq: number): RoomEvent => ({ roomId: room.id, seq, id: randomUUID(), type: 'message.sent', actorId: alice.userId, at: new Date(0).toISOString(), data: { text: `tea ${seq}` } })
  for (const seqs of [[2], [3], [6], [4, 5]]) {
    const events = seqs.map(said)
    feed.receive(room.id, { epoch, events, json: JSON.stringify(events) })
  }
  const deadline = Date.now() + 5000
  while (told.flatMap(({ events }) => events).length < 5 && Date.now() < deadline) await nextTurn()
  t.same(told.flatMap(({ events }) => events.map(({ seq }) => seq)), [2, 3, 4, 5, 6])
  for (const { events, json } of told) if (json !== undefined) t.equal(json, JSON.stringify(events))
})
