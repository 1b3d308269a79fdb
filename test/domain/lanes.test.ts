import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import type { Batch } from '../../domain/lane.ts'
import { Lanes, type LanesOptions } from '../../domain/lanes.ts'
import { t } from '../suite.ts'

type Options = Omit<LanesOptions<string, string>, 'flush'>

/** Lanes that write down what they do; a flush lasts until it is let go. */
function createRecordingLanes (options: Options = {}) {
  const done: string[] = []
  const gates = new Map<string, () => void>()
  const lanes = new Lanes<string, string>({
    maxBatch: 3,
    patienceMs: 60_000,
    ...options,
    async flush (batch: Batch<string, string>) {
      const name = batch.map(({ item }) => item).join('+')
      done.push(name)
      await new Promise<void>((resolve) => { gates.set(name, resolve) })
      return () => { for (const { item, resolve } of batch) resolve(`${item}!`) }
    }
  })

  async function underWay (name: string): Promise<void> {
    const deadline = Date.now() + 5000
    while (!done.includes(name)) {
      if (Date.now() > deadline) throw new Error(`${name} did not go on its way within 5 s, but ${done.join(', ')}.`)
      await nextTurn()
    }
  }

  return {
    lanes,
    done,
    underWay,
    async letGo (name: string) { await underWay(name); gates.get(name)?.() },
    /** Every item is its own key. */
    send: (roomId: string, item: string) => lanes.submit(roomId, item, item)
  }
}

t.test('what arrives during a flush makes the next batch, in the order of arrival', async (t) => {
  const { done, send, underWay, letGo } = createRecordingLanes()
  const first = send('tea', 'a')
  await underWay('a')
  const rest = ['b', 'c', 'd', 'e'].map((item) => send('tea', item))
  for (const batch of ['a', 'b+c+d', 'e']) await letGo(batch)
  t.same(await Promise.all([first, ...rest]), ['a!', 'b!', 'c!', 'd!', 'e!'])
  t.same(done, ['a', 'b+c+d', 'e'])
})

t.test('rooms travel together, and the one that has waited longest goes first', async (t) => {
  const { done, send, underWay, letGo } = createRecordingLanes()
  const all = [send('tea', 'a')]
  await underWay('a')
  all.push(send('hot', 'h1'), send('hot', 'h2'), send('hot', 'h3'), send('hot', 'h4'), send('cake', 'c'), send('tea', 'b'))
  for (const batch of ['a', 'h1+h2+h3', 'c+b+h4']) await letGo(batch)
  await Promise.all(all)
  t.same(done, ['a', 'h1+h2+h3', 'c+b+h4'])
})

t.test('those who were answered together are waited for; a batch that is large enough waits for nobody', async (t) => {
  const { done, send, underWay, letGo } = createRecordingLanes({ maxBatch: 100, companyMs: 60_000 })
  const both = [send('tea', 'a'), send('cake', 'b')]
  await letGo('a+b')
  await Promise.all(both)
  const again = send('tea', 'c')
  for (let turn = 0; turn < 5; turn++) await nextTurn()
  t.same(done, ['a+b'], 'bob may speak as well')
  const other = send('cake', 'd')
  await letGo('c+d')
  await Promise.all([again, other])

  const many = Array.from({ length: 20 }, (_, index) => `m${index}`)
  const sent = [send('tea', 'e'), ...many.slice(0, 1).map((item) => send('cake', item))]
  await underWay('e+m0')
  sent.push(...many.slice(1, 18).map((item) => send(item, item)))
  await letGo('e+m0')
  await letGo(many.slice(1, 18).join('+'))
  await Promise.all(sent)
})

t.test('the store has the next batch before those of the last one are answered', async (t) => {
  const order: string[] = []
  const lanes = new Lanes<string, string>({
    async flush (batch) {
      order.push(`${batch.length} to the store`)
      await nextTurn()
      return () => {
        order.push(`${batch.length} answered`)
        for (const { item, resolve } of batch) resolve(item)
      }
    }
  })
  const first = lanes.submit('tea', 'a', 'a')
  while (order.length === 0) await nextTurn()
  const rest = Array.from({ length: 16 }, (_, index) => lanes.submit(`room ${index}`, 'b', 'b'))
  await Promise.all([first, ...rest])
  t.same(order, ['1 to the store', '16 to the store', '1 answered', '16 answered'])
})

t.test('what is done alone keeps its place in its room', async (t) => {
  const { lanes, done, send, letGo } = createRecordingLanes()
  const before = send('tea', 'before')
  const alone = lanes.alone('tea', async () => { done.push('alone') })
  const after = send('tea', 'after')
  const elsewhere = send('cake', 'elsewhere')
  await letGo('before+elsewhere')
  await letGo('after')
  await Promise.all([before, alone, after, elsewhere])
  t.same(done, ['before+elsewhere', 'alone', 'after'])
})

t.test('a failure alone is the failure of nobody else', async (t) => {
  const { lanes, send, letGo } = createRecordingLanes()
  const alone = lanes.alone('tea', () => Promise.reject(new Error('mine')))
  const after = send('tea', 'after')
  await t.rejects(alone, { message: 'mine' })
  await letGo('after')
  t.equal(await after, 'after!')
})

t.test('two of the same name are never in one batch', async (t) => {
  const { lanes, done, send, letGo } = createRecordingLanes()
  const all = [lanes.submit('tea', 'same', 'a'), send('tea', 'b'), lanes.submit('tea', 'same', 'c'), lanes.submit('cake', 'same', 'd')]
  await letGo('a+b+d')
  await letGo('c')
  await Promise.all(all)
  t.same(done, ['a+b+d', 'c'])
})

t.test('a batch that takes long holds up its own rooms, and no other', async (t) => {
  const { done, send, underWay, letGo } = createRecordingLanes({ patienceMs: 5 })
  const all = [send('stuck', 's1')]
  await underWay('s1')
  all.push(send('stuck', 's2'), send('tea', 'a'))
  await letGo('a')
  t.equal(await all[2], 'a!')
  t.same(done, ['s1', 'a'])
  await letGo('s1')
  await letGo('s2')
  await Promise.all(all)
})

t.test('no more batches are on their way at once than may be', async (t) => {
  const { done, send, underWay, letGo } = createRecordingLanes({ patienceMs: 1, maxOnTheWay: 2 })
  const all = [send('one', 'a')]
  await underWay('a')
  all.push(send('two', 'b'))
  await underWay('b')
  all.push(send('three', 'c'))
  // A timer as long as patience, but set later, fires later: then both are late, and the third has had its chance.
  await wait(1)
  await nextTurn()
  await nextTurn()
  t.same(done, ['a', 'b'])
  for (const batch of ['a', 'b', 'c']) await letGo(batch)
  await Promise.all(all)
})

t.test('what waits is turned away at once; what is on its way, and what comes after, is not', async (t) => {
  const { lanes, send, underWay, letGo } = createRecordingLanes()
  const first = send('tea', 'a')
  await underWay('a')
  const waiting = [send('tea', 'b'), send('cake', 'c')].map((each) => t.rejects(each, { message: 'away' }))
  lanes.refuseWaiting(new Error('away'))
  await Promise.all(waiting)
  const after = [send('tea', 'd'), send('cake', 'e')]
  await letGo('a')
  t.equal(await first, 'a!')
  await letGo('e+d')
  t.same(await Promise.all(after), ['d!', 'e!'])
})

t.test('a full room refuses the next at once, and says that it may come back; others go on', async (t) => {
  const { send } = createRecordingLanes({ maxWaitingInRoom: 2, maxWaiting: 3 })
  const full = { code: 'server.unavailable', retryAfterMs: 500 }
  void send('tea', 'a')
  void send('tea', 'b')
  await t.rejects(send('tea', 'c'), full)
  void send('cake', 'd')
  await t.rejects(send('cake', 'e'), full, 'and so does a full node')
})

t.test('lanes in which nothing goes on are not kept for ever', async (t) => {
  const lanes = new Lanes<string, string>({ flush: async (batch) => () => { for (const { item, resolve } of batch) resolve(item) } })
  for (let crowd = 0; crowd < 20; crowd++) {
    await Promise.all(Array.from({ length: 500 }, (_, room) => lanes.submit(`${crowd}/${room}`, 'a', 'a')))
  }
  t.ok(lanes.size <= 1000, `${lanes.size} of 10,000 rooms`)
})
