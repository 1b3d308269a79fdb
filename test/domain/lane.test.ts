import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { Lane, type Batch } from '../../domain/lane.ts'

/** A lane that writes down what it does; a flush lasts until it is let go. */
function createRecordingLane (options: { maxBatch?: number, maxQueue?: number } = {}) {
  const done: string[] = []
  const gates: Array<() => void> = []
  const lane = new Lane<string, string>({
    maxBatch: 3,
    maxQueue: 10,
    ...options,
    async flush (batch: Batch<string, string>) {
      done.push(batch.map(({ item }) => item).join('+'))
      await new Promise<void>((resolve) => { gates.push(resolve) })
      for (const { item, resolve } of batch) resolve(`${item}!`)
    }
  })
  return { lane, done, async letGo () { await nextTurn(); gates.shift()?.(); await nextTurn() } }
}

t.test('what arrives during a flush makes the next batch, in the order of arrival', async (t) => {
  const { lane, done, letGo } = createRecordingLane()
  const first = lane.submit('a', 'a')
  await nextTurn()
  const rest = ['b', 'c', 'd', 'e'].map((item) => lane.submit(item, item))
  for (let flush = 0; flush < 3; flush++) await letGo()
  t.same(await Promise.all([first, ...rest]), ['a!', 'b!', 'c!', 'd!', 'e!'])
  t.same(done, ['a', 'b+c+d', 'e'])
})

t.test('what is done alone keeps its place in the line', async (t) => {
  const { lane, done, letGo } = createRecordingLane()
  const before = lane.submit('before', '1')
  const alone = lane.alone(async () => { done.push('alone') })
  const after = lane.submit('after', '2')
  await letGo()
  await letGo()
  await Promise.all([before, alone, after])
  t.same(done, ['before', 'alone', 'after'])
})

t.test('a failure alone is the failure of nobody else', async (t) => {
  const { lane, letGo } = createRecordingLane()
  const alone = lane.alone(() => Promise.reject(new Error('mine')))
  const after = lane.submit('after', '1')
  await t.rejects(alone, { message: 'mine' })
  await letGo()
  t.equal(await after, 'after!')
})

t.test('two of the same name are never in one batch', async (t) => {
  const { lane, done, letGo } = createRecordingLane()
  const all = [lane.submit('a', 'same'), lane.submit('b', 'other'), lane.submit('c', 'same')]
  await letGo()
  await letGo()
  await Promise.all(all)
  t.same(done, ['a+b', 'c'])
})

t.test('a full line refuses the next at once, and says that it may come back', async (t) => {
  const { lane } = createRecordingLane({ maxQueue: 2 })
  void lane.submit('a', 'a')
  void lane.submit('b', 'b')
  await t.rejects(lane.submit('c', 'c'), { code: 'server.unavailable', retryAfterMs: 500 })
})
