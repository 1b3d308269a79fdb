import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import type { RoomEvent } from '../../contract/index.ts'
import { Pacing, restMsFor } from '../../realtime/feed/pacing.ts'
import { t } from '../suite.ts'

const roomId = randomUUID()

function said (seq: number): RoomEvent[] {
  return [{ roomId, seq, id: randomUUID(), type: 'message.sent', actorId: randomUUID(), at: new Date(0).toISOString(), data: { text: `tea ${seq}` } }]
}

/** As a feed uses it: what is due later is offered again. */
function createRoom (listeners: number) {
  const told: Array<{ seqs: number[], json: string | undefined }> = []
  const news = new EventEmitter()
  const offer = (events: RoomEvent[], json?: string): void => {
    if (!pacing.mayTell(roomId, events, json)) return
    told.push({ seqs: events.map(({ seq }) => seq), json })
    news.emit('told')
  }
  const pacing: Pacing = new Pacing({ countListeners: () => listeners, onDue: (_roomId, events, json) => { offer(events, json) } })
  return { told, pacing, nextTold: () => once(news, 'told', { signal: AbortSignal.timeout(5000) }), say (seq: number) { const events = said(seq); offer(events, JSON.stringify(events)); return events } }
}

t.test('only a crowd rests: at least 10 ms, longer when telling it takes long, and at most 50', async (t) => {
  t.same([0, 99, 100, 500, 1000, 100_000].map(restMsFor), [0, 0, 10, 10, 20, 50])
})

t.test('a room with few listeners is told each event at once', async (t) => {
  const { told, say } = createRoom(50)
  for (const seq of [1, 2, 3]) say(seq)
  t.same(told.map(({ seqs }) => seqs), [[1], [2], [3]])
})

t.test('a room with very many is told the first at once, and what follows quickly in one piece', async (t) => {
  // The timer does not keep this process alive.
  const alive = setInterval(() => {}, 1000)
  t.teardown(() => { clearInterval(alive) })
  const { told, say, nextTold } = createRoom(1000)
  say(1)
  const later = nextTold()
  const events = [say(2), say(3)].flat()
  t.same(told.map(({ seqs }) => seqs), [[1]])
  await later
  t.same(told.map(({ seqs }) => seqs), [[1], [2, 3]])
  t.equal(told[1]?.json, JSON.stringify(events), 'and written once')
})

t.test('what is kept is told when the room ends, and not when it is forgotten', async (t) => {
  const { told, say, pacing } = createRoom(1000)
  for (const seq of [1, 2]) say(seq)
  pacing.flush(roomId)
  t.same(told.map(({ seqs }) => seqs), [[1], [2]])
  say(3)
  pacing.forget(roomId)
  say(4)
  t.same(told.map(({ seqs }) => seqs), [[1], [2], [4]], 'the room has begun anew')
})
