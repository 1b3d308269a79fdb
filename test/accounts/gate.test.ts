import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { createGate } from '../../domain/gate.ts'

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
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => pass(work(name)))

  await t.rejects(pass(work('e')), { code: 'server.unavailable', retryAfterMs: 50 })
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
  const failing = pass(() => Promise.reject(new Error('no')))
  const next = pass(async () => 'yes')

  await t.rejects(failing, { message: 'no' })
  t.equal(await next, 'yes')
  t.equal(await pass(async () => 'again'), 'again')
})
