import { help, readOptions } from '../../load/run/options.ts'
import { makePlan, seat } from '../../load/run/plan.ts'
import { findScenario, scenarios } from '../../load/run/scenarios/index.ts'
import { t } from '../suite.ts'

t.test('options have defaults, and are checked', async (t) => {
  t.match(readOptions([]), { urls: [], nodes: 3, scenarios: ['steady'], seconds: 30, rampSeconds: 2, bytes: 64, prefix: 'load', seed: /^\d+$/ })
  t.notOk('people' in (readOptions([]) as object), 'what is left out is the scenario\'s')
  t.match(readOptions(['--url', 'http://a:1,http://b:2/', '--url', 'https://c']), { urls: ['http://a:1', 'http://b:2', 'https://c'] })
  t.match(readOptions(['--scenario', 'burst, big-room', '--people', '7', '--rate', '0.5']), { scenarios: ['burst', 'big-room'], people: 7, rate: 0.5 })
  t.match(readOptions(['--scenario', 'all']), { scenarios: scenarios.map(({ name }) => name) })
  t.throws(() => readOptions(['--people', '1.5']), /^--people must be a whole number, not "1\.5"\.$/)
  t.throws(() => readOptions(['--seconds', 'long']), /--seconds must be a number from 1 to 86400, not "long"/)
  t.throws(() => readOptions(['--url', 'localhost']), /--url must be like http:\/\/host:3000/)
  t.throws(() => readOptions(['--url', 'http://a:1/api']), /--url must be like/)
  t.throws(() => readOptions(['--scenario', 'flood']), /There is no scenario "flood"\. There are: steady, burst/)
  t.throws(() => readOptions(['--register-prefix', 'Ab c']), /--register-prefix must be/)
  t.throws(() => readOptions(['--peple', '1']), /--peple/)
})

t.test('--help names every option and every scenario', async (t) => {
  t.equal(readOptions(['--help']), 'help')
  for (const { name, about } of scenarios) t.ok(help.includes(name) && help.includes(about), name)
  for (const option of ['url', 'metrics', 'nodes', 'people', 'rooms', 'room-size', 'rate', 'seconds', 'ramp', 'workers', 'bytes', 'seed', 'register-prefix', 'json', 'html']) {
    t.match(help, `--${option} `, option)
  }
})

const given = { seconds: 5, rampSeconds: 1, bytes: 64 }

t.test('a plan takes from the scenario what was not asked for', async (t) => {
  t.match(makePlan(findScenario('steady'), given, 2), { people: 60, rooms: 12, roomSize: 10, rate: 100, workers: 1 })
  t.match(makePlan(findScenario('big-room'), { ...given, people: 1500 }, 8), { people: 1500, rooms: 1, roomSize: 1500, workers: 3 })
  t.match(makePlan(findScenario('burst'), { ...given, people: 4, rooms: 2, workers: 9 }, 8), { rooms: 2, roomSize: 4, workers: 4 })
  t.throws(() => makePlan(findScenario('steady'), { ...given, people: 5, roomSize: 6 }, 2), /--room-size 6 is more than there are people \(5\)/)
  t.throws(() => makePlan(findScenario('steady'), { ...given, people: 2, rooms: 501, roomSize: 2 }, 2), /more than 500 rooms for each/)
})

t.test('rooms are filled in turns, so that everybody sits somewhere and nobody twice in one', async (t) => {
  t.same(seat({ people: 5, rooms: 3, roomSize: 2 }), [[0, 1], [2, 3], [4, 0]])
  const { people, rooms, roomSize } = makePlan(findScenario('steady'), given, 2)
  const rows = seat({ people, rooms, roomSize })
  t.equal(new Set(rows.flat()).size, people)
  t.ok(rows.every((row) => new Set(row).size === roomSize))
})

t.test('a burst is due at the beginning of its second, all else evenly', async (t) => {
  const { dueMs } = findScenario('burst')
  t.same([0, 1, 2, 3, 4].map((n) => dueMs?.(n, 2)), [0, 0, 1000, 1000, 2000])
  t.equal(dueMs?.(1, 0.5), 1000)
})
