import { findCalls } from '../../domain/mentions.ts'
import { t } from '../suite.ts'

const names = (text: string) => findCalls(text).map(([likeliest]) => likeliest)

t.test('a name is called by an @ that stands on its own', async (t) => {
  t.same(names('@bob'), ['bob'])
  t.same(names('hi @bob, (@carol) and "@dave_1"!'), ['bob', 'carol', 'dave_1'])
  t.same(names('@BOB'), ['bob'])
  t.same(names('@bob @Bob @bob'), ['bob'], 'once')
  for (const text of ['bob', 'ann@bob', 'ü@bob', 'a_@bob', '7@bob', '@', '@ bob', '@bo', '@bobé', '@böb', '@\u212Aate', `@${'x'.repeat(33)}`]) {
    t.same(names(text), [], text)
  }
  t.same(names('@bob@carol'), ['bob'], 'the second one stands behind a letter')
})

t.test('a point or hyphen at the end is the sentence\'s before it is the name\'s', async (t) => {
  t.same(findCalls('@al.smith.'), [['al.smith', 'al.smith.']])
  t.same(findCalls('@bob-.'), [['bob', 'bob-', 'bob-.']])
  t.same(findCalls('@a..'), [['a..']])
  t.same(findCalls(`@${'x'.repeat(32)}...`), [['x'.repeat(32)]])
})

t.test('a text full of them is read in no time', async (t) => {
  const start = performance.now()
  for (const text of ['@'.repeat(4000), '@abc '.repeat(800), `@${'a'.repeat(3998)}é`, `@${'.'.repeat(3999)}`, '@a.'.repeat(1300), `@abc${'-.'.repeat(1990)}é`]) findCalls(text)
  t.ok(performance.now() - start < 5000)
})

t.test('however many it calls, not many names are looked up for it', (t) => {
  const count = (text: string) => findCalls(text).flat().length
  const name = (index: number) => `@${index.toString(36).padStart(3, 'a')}`
  t.equal(count(Array.from({ length: 60 }, (_, index) => name(index)).join(' ')), 60)
  for (const ending of ['', '.'.repeat(29)]) t.ok(count(Array.from({ length: 800 }, (_, index) => name(index) + ending).join(' ')) <= 200)
  t.end()
})
