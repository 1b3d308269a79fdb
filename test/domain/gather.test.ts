import { createGather } from '../../domain/gather.ts'
import { t } from '../suite.ts'

/** Answers each key in capitals, when it is let go on. */
function createAsked () {
  const asked: string[][] = []
  const gates: Array<() => void> = []
  const gather = createGather<string, string>({
    maxBatch: 3,
    ask: async (keys) => {
      asked.push(keys)
      await new Promise<void>((resolve) => { gates.push(resolve) })
      if (keys.includes('bad')) throw new Error('no such key')
      return keys.map((key) => key.toUpperCase())
    }
  })
  const goOn = async (): Promise<void> => {
    while (gates.length === 0) await new Promise(setImmediate)
    gates.shift()?.()
  }
  return { asked, gather, goOn }
}

t.test('whoever asks in the same moment, or while a question is under way, is answered by one', async (t) => {
  const { asked, gather, goOn } = createAsked()
  const first = [gather('a'), gather('b')]
  await goOn()
  t.same(await Promise.all(first), ['A', 'B'])
  const second = [gather('c')]
  while (asked.length < 2) await new Promise(setImmediate)
  const meanwhile = ['d', 'e', 'f', 'g'].map(gather)
  await goOn()
  t.same(await Promise.all(second), ['C'])
  await goOn()
  await goOn()
  t.same(await Promise.all(meanwhile), ['D', 'E', 'F', 'G'])
  t.same(asked, [['a', 'b'], ['c'], ['d', 'e', 'f'], ['g']])
})

t.test('a failure is everybody\'s who was in the question, and nobody else\'s', async (t) => {
  const { gather, goOn } = createAsked()
  const failing = [gather('bad'), gather('a')]
  const outcomes = Promise.allSettled(failing)
  await goOn()
  t.same((await outcomes).map(({ status }) => status), ['rejected', 'rejected'])
  const fine = gather('b')
  await goOn()
  t.equal(await fine, 'B')
})

t.test('an answer that is not for everybody is a failure, and no silence', async (t) => {
  const gather = createGather<string, string>({ ask: async () => [] })
  await t.rejects(gather('a'), /Of 1 questions 0 were answered/)
})

t.test('a crowd is waited for, whoever comes alone is not', async (t) => {
  const asked: string[][] = []
  const gather = createGather<string, string>({
    crowdMs: 1000, // However slow the machine is, the next one comes within it.
    ask: async (keys) => { asked.push(keys); return keys }
  })
  await gather('alone')
  await Promise.all([gather('one'), gather('two')])
  const three = gather('three')
  await new Promise(setImmediate)
  await Promise.all([three, gather('four')])
  t.same(asked, [['alone'], ['one', 'two'], ['three', 'four']])
})

t.test('a crowd that is complete is not kept waiting', async (t) => {
  const asked: string[][] = []
  const gather = createGather<string, string>({
    crowdMs: 3000,
    crowdSize: 2,
    ask: async (keys) => { asked.push(keys); return keys }
  })
  await Promise.all(['a', 'b'].map(gather))
  await Promise.all(['c', 'd'].map(gather))
  const late = gather('e')
  await new Promise(setImmediate)
  await Promise.all([late, gather('f')])
  t.same(asked, [['a', 'b'], ['c', 'd'], ['e', 'f']])
})
