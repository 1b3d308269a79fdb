import type { RoomEvent } from '../../contract/index.ts'
import { LocalRoom } from '../../realtime/feed/local-room.ts'
import { t } from '../suite.ts'

const at = new Date(0).toISOString()

function message (seq: number): RoomEvent {
  return { roomId: 'room', seq, id: `id-${seq}`, type: 'message.sent', actorId: 'alice', at, data: { text: `${seq}` } }
}

function calling (seq: number, ...mentions: string[]): RoomEvent {
  return { roomId: 'room', seq, id: `id-${seq}`, type: 'message.sent', actorId: 'alice', at, data: { text: '@', mentions } }
}

function messages (...seqs: number[]): RoomEvent[] {
  return seqs.map(message)
}

function seqs (events: RoomEvent[] | undefined): number[] | undefined {
  return events?.map(({ seq }) => seq)
}

function roomAt (lastSeq: number): LocalRoom {
  return new LocalRoom({ roomId: 'room', lastSeq, messageCount: lastSeq, memberCount: 2, epoch: 'first' })
}

t.test('what follows the tail is due at once, a repeat never again', async (t) => {
  const room = roomAt(3)
  t.same(seqs(room.take(messages(4, 5))), [4, 5])
  t.same(seqs(room.take(messages(3, 4, 5))), [])
  t.equal(room.tail, 5)
  t.equal(room.messageCount, 5)
})

t.test('members are counted up to the tail, whatever lies beyond a hole', async (t) => {
  const room = roomAt(3)
  const came = (seq: number): RoomEvent => ({ ...message(seq), type: 'member.joined', data: { userId: 'carol', role: 'member' } })
  const went = (seq: number): RoomEvent => ({ ...message(seq), type: 'member.left', data: { userId: 'carol' } })
  room.take([came(4), came(6)])
  t.equal(room.memberCount, 3)
  room.take([went(5)])
  t.same([room.tail, room.memberCount], [6, 3])
})

t.test('what lies beyond a hole waits until the hole is filled, and then comes in order', async (t) => {
  const room = roomAt(0)
  t.same(seqs(room.take(messages(3, 2))), [])
  t.ok(room.hasHole)
  t.same(seqs(room.take(messages(1))), [1, 2, 3])
  t.notOk(room.hasHole)
})

t.test('a recording has what comes live until it ends, and says when that was too much', async (t) => {
  const room = roomAt(10)
  room.take(messages(11))
  const recording = room.record()
  t.same(recording.after(11), [])
  room.take(messages(13))
  t.same(recording.after(11), [], 'what lies beyond a hole is not told yet')
  const later = room.record()
  room.take(messages(12, 14))
  t.same(seqs(recording.after(11)), [12, 13, 14])
  t.same(seqs(recording.after(13)), [14])
  recording.end()
  room.take(messages(15))
  t.same(seqs(recording.after(11)), [12, 13, 14])
  t.same(seqs(later.after(11)), [12, 13, 14, 15], 'another one goes on')
  for (let seq = 16; later.after(0) && seq < 10_000; seq++) room.take(messages(seq))
  t.equal(later.after(0), undefined)
  t.ok(room.tail > 1000)
  t.ok(room.tail < 9000)
})

t.test('whatever order events come in, and however often, each comes out once, ascending', async (t) => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = createRandom(seed)
    const room = roomAt(0)
    const out: number[] = []
    const last = 60
    while (room.tail < last) {
      const first = 1 + Math.floor(random() * last)
      const batch = Array.from({ length: 1 + Math.floor(random() * 5) }, () => 1 + Math.floor(random() * last))
      // Now and then a fill from the log: everything after the tail, in order.
      const offered = random() < 0.1 ? Array.from({ length: last - room.tail }, (_, index) => room.tail + 1 + index) : [first, ...batch]
      out.push(...room.take(messages(...offered)).map(({ seq }) => seq))
    }
    t.same(out, Array.from({ length: last }, (_, index) => index + 1), `seed ${seed}`)
    t.notOk(room.hasHole)
  }
})

/** Mulberry32: small, and the same everywhere for the same seed. */
function createRandom (seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6D2B79F5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

t.test('who is mentioned after a seq is known, of the last of those that mention somebody', async (t) => {
  const room = roomAt(3)
  room.take([message(4), calling(5, 'bob'), calling(6, 'bob', 'carol'), message(7)])
  t.same([3, 5, 6].map((after) => room.mentionsAfter(after, 'bob')), [2, 1, 0])
  t.equal(room.mentionsAfter(3, 'carol'), 1)
  t.equal(room.mentionsAfter(3, 'alice'), 0)
  room.take(Array.from({ length: 100 }, (_, index) => calling(8 + index, 'bob')))
  t.equal(room.mentionsAfter(3, 'bob'), 64)
})
