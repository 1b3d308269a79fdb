import { help, readOptions } from '../../load/bench/options.ts'
import { partNames } from '../../load/bench/sample.ts'
import { t } from '../suite.ts'

t.test('options have defaults, and are checked', async (t) => {
  t.match(readOptions([]), { sizes: { name: 'full', repeats: 3 }, parts: partNames, docs: /docs\/performance\.md$/, server: /server\.js$/ })
  t.match(readOptions(['--quick', '--repeats', '2']), { sizes: { name: 'quick', repeats: 2 } })
  t.match(readOptions(['--only', 'sends, fan-out', '--no-docs', '--json', 'a.json']), { parts: ['fan-out', 'sends'], docs: undefined, json: 'a.json' })
  t.throws(() => readOptions(['--only', 'typing']), /There is no part "typing"\. There are: references, fan-out/)
  t.throws(() => readOptions(['--only', '']), /There is no part ""/)
  t.throws(() => readOptions(['--repeats', '0']), /--repeats must be a whole number from 1 to 99/)
  t.throws(() => readOptions(['--server', '/nowhere/server.js']), /There is no \/nowhere\/server\.js/)
  t.throws(() => readOptions(['--fast']), /--fast/)
})

t.test('--help names every part', async (t) => {
  t.equal(readOptions(['--help']), 'help')
  for (const part of partNames) t.match(help, part)
})
