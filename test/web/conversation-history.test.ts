import t from 'tap'
import type { RoomEvent } from '../../contract/index.ts'
import { ParleyError, type Room } from '../../sdk/index.ts'
import { createHistory, reactorsOf } from '../../web/features/conversation/history/history.ts'

const sent = (seq: number): RoomEvent =>
  ({ roomId: 'kitchen', seq, id: `m${seq}`, type: 'message.sent', actorId: 'bob', at: '2026-05-10T09:00:00.000Z', data: { text: `message ${seq}` } })

/** A room of so many messages, without a server. */
function fakeRoom (count: number) {
  const listeners = new Map<string, (payload: never) => void>()
  const asked: number[] = []
  const log = Array.from({ length: count }, (_, index) => sent(index + 1))
  const room = {
    seq: count as number | undefined,
    isBroken: false,
    on: (name: string, listener: (payload: never) => void) => {
      listeners.set(name, listener)
      return () => {}
    },
    async loadBefore (seq: number, limit = 100) {
      asked.push(limit)
      if (room.isBroken) throw new ParleyError('client.unreachable')
      return log.filter((event) => event.seq < seq && event.seq >= seq - limit)
    }
  }
  const emit = (name: string, payload: unknown) => { listeners.get(name)?.(payload as never) }
  return { room, emit, asked, history: createHistory(asRoom(room), 'alice') }
}

function asRoom (room: object): Room {
  return room as Room
}

t.test('it begins at the end and grows backwards to the beginning', async (t) => {
  const { history } = fakeRoom(150)
  t.equal(history.store.getState().state, 'loading')
  await history.loadBefore()
  t.match(history.store.getState(), { state: 'ready', hasBefore: true, anchor: 151 })
  t.equal(history.store.getState().view.messages.length, 100)
  await Promise.all([history.loadBefore(), history.loadBefore()])
  t.match(history.store.getState(), { hasBefore: false, anchor: 151 })
  t.equal(history.store.getState().view.messages.length, 150)
})

t.test('what happens meanwhile is in it, with who reacted', async (t) => {
  const { history, emit } = fakeRoom(3)
  await history.loadBefore()
  const reaction = { roomId: 'kitchen', seq: 5, id: 'r', type: 'reaction.added', actorId: 'carol', at: sent(1).at, data: { seq: 2, emoji: '👍' } }
  const join = { roomId: 'kitchen', seq: 6, id: 'j', type: 'member.joined', actorId: 'dave', at: sent(1).at, data: { userId: 'dave', role: 'member' } }
  emit('events', [sent(4), reaction, join])
  const { view, notices } = history.store.getState()
  t.equal(view.messages.length, 4)
  t.same(reactorsOf(view, 2, '👍'), ['carol'])
  t.match(notices, [{ seq: 6 }])
})

t.test('a far place is loaded up to, in large pages, and a too far one is not', async (t) => {
  const { history, asked } = fakeRoom(2000)
  await history.loadBefore()
  const shares: number[] = []
  t.equal(await history.loadTo(700, (share) => { shares.push(share) }), true)
  t.ok((history.store.getState().view.messages[0]?.seq ?? 0) <= 700)
  t.same(asked.slice(1), [500, 500, 221])
  t.ok(shares.every((share, index) => share >= (shares[index - 1] ?? 0)))
  t.equal(await fakeRoom(30_000).history.loadTo(1), false)
})

t.test('a page that does not come is told, and can be asked for again', async (t) => {
  const { history, room } = fakeRoom(10)
  room.isBroken = true
  await history.loadBefore()
  t.match(history.store.getState(), { state: 'failed', error: { code: 'client.unreachable' } })
  t.equal(await history.loadTo(1), false)
  room.isBroken = false
  await history.loadBefore()
  t.match(history.store.getState(), { state: 'ready', error: undefined })
})

t.test('a log that began anew voids what was there', async (t) => {
  const { history, emit, room } = fakeRoom(10)
  await history.loadBefore()
  room.seq = 4
  emit('reset', { seq: 4, epoch: 'other' })
  await history.loadBefore()
  t.match(history.store.getState(), { anchor: 5, state: 'ready' })
  t.equal(history.store.getState().view.messages.length, 4)
})

t.test('a room that was only just entered begins when it says where it is', async (t) => {
  const { room, emit } = fakeRoom(5)
  room.seq = undefined
  const history = createHistory(asRoom(room), 'alice')
  await history.loadBefore()
  t.equal(history.store.getState().state, 'loading')
  room.seq = 5
  emit('change', undefined)
  await new Promise(setImmediate)
  t.match(history.store.getState(), { state: 'ready', anchor: 6 })
})
