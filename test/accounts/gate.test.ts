import { setImmediate as nextTurn } from 'node:timers/promises'
import { createGate } from '../../domain/gate.ts'
import { t } from '../suite.ts'

/** Work that lasts until it is let go, and that says when it has begun. */
function createWork (names: string[]) {
  const begun: string[] = []
  const works = new Map(names.map((name) => {
    let letGo = () => {}
    const end = new Promise<void>((resolve) => { letGo = resolve })
    return [name, { letGo: () => { letGo() }, work: async () => { begun.push(name); await end; return name } }]
  }))
  const of = (name: string) => works.get(name) ?? { letGo () {}, work: () => Promise.reject(new Error(name)) }
  return { begun, work: (name: string) => of(name).work, letGo: (name: string) => { of(name).letGo() } }
}

t.test('a few are inside, the others wait in turn, and one too many is turned away at once', async (t) => {
  const pass = createGate({ atOnce: 2, waiting: 2, retryAfterMs: 50 })
  const { begun, work, letGo } = createWork(['a', 'b', 'c', 'd', 'e'])
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => pass('one', work(name)))

  await t.rejects(pass('one', work('e')), { code: 'server.unavailable', retryAfterMs: 50 })
  t.same(begun, ['a', 'b'])

  letGo('b')
  t.equal(await b, 'b')
  await nextTurn()
  t.same(begun, ['a', 'b', 'c'])
  for (const name of ['a', 'c', 'd']) letGo(name)
  t.same(await Promise.all([a, c, d]), ['a', 'c', 'd'])
})

t.test('whoever fails inside leaves the place to the next', async (t) => {
  const pass = createGate({ atOnce: 1, waiting: 1, retryAfterMs: 50 })
  const failing = pass('one', () => Promise.reject(new Error('no')))
  const next = pass('one', async () => 'yes')

  await t.rejects(failing, { message: 'no' })
  t.equal(await next, 'yes')
  t.equal(await pass('one', async () => 'again'), 'again')
})

t.test('however many of one come, it is the next one\'s turn after each of them', async (t) => {
  const pass = createGate({ atOnce: 1, waiting: 10, retryAfterMs: 50 })
  const order: string[] = []
  const come = (key: string) => pass(key, async () => { order.push(key) })

  await Promise.all(['mallory', 'mallory', 'mallory', 'mallory', 'alice', 'alice', 'bob'].map(come))

  t.same(order, ['mallory', 'mallory', 'alice', 'bob', 'mallory', 'alice', 'mallory'])
})

t.test('when there is no room left, whoever came in numbers has to make it', async (t) => {
  const pass = createGate({ atOnce: 1, waiting: 4, retryAfterMs: 50 })
  const { begun, work, letGo } = createWork(['inside', 'm1', 'm2', 'm3', 'c1', 'a1', 'b1', 'd1'])
  const inside = pass('mallory', work('inside'))
  const come = (key: string, name: string) => pass(key, work(name)).catch((error: unknown) => error)
  const [m1, m2, m3, c1] = [come('mallory', 'm1'), come('mallory', 'm2'), come('mallory', 'm3'), come('carol', 'c1')]

  const [a1, b1] = [come('alice', 'a1'), come('bob', 'b1')]
  for (const turnedAway of [m3, m2]) t.match(await turnedAway, { code: 'server.unavailable', retryAfterMs: 50 })
  t.match(await come('dave', 'd1'), { code: 'server.unavailable' }, 'one of each waits: who came last is turned away')

  for (const name of ['inside', 'm1', 'c1', 'a1', 'b1']) letGo(name)
  t.same(await Promise.all([inside, m1, c1, a1, b1]), ['inside', 'm1', 'c1', 'a1', 'b1'])
  t.same(begun, ['inside', 'm1', 'c1', 'a1', 'b1'])
})
