import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { countFrom, faultDuring, type Conditions, type Silence } from '../../load/prove/conditions.ts'
import { Link } from '../../load/prove/links/link.ts'
import { Reach } from '../../load/prove/reach.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

t.test('it is known when a node could not ask Redis', async (t) => {
  const redis = createServer((socket) => { socket.on('error', () => {}).on('data', () => { socket.write('+PONG\r\n') }) })
  redis.listen(0, '127.0.0.1')
  await once(redis, 'listening')
  const url = `redis://127.0.0.1:${(redis.address() as AddressInfo).port}`
  const link = await Link.open(url)
  const silences: Silence[] = []
  const reach = new Reach('n1', link.urlFor(url), silences)
  t.teardown(() => {
    reach.close()
    link.close()
    redis.close()
  })

  await once(redis, 'connection')
  for (const mode of ['refusing', 'hanging'] as const) {
    silences.length = 0
    const cutAt = Date.now()
    link.mode = mode
    await until('the outage is known', () => silences.length === 1)
    t.match(silences, [{ node: 'n1', why: 'redis', until: Infinity }])
    t.ok((silences[0]?.from ?? Infinity) <= cutAt + 1000, `${mode} from about then`)
    link.mode = 'open'
    await until('its end is known', () => (silences[0]?.until ?? Infinity) < Infinity)
    t.ok((silences[0]?.until ?? 0) >= cutAt)
  }
})

t.test('a promise about time begins anew when its node was silent before the time was up', async (t) => {
  const silence = (node: string, from: number, end: number): Silence => ({ node, why: 'redis', from, until: end })
  const conditions: Conditions = {
    nodes: ['n1', 'n2'],
    disturbances: [{ name: 'cut-redis', from: 95, until: 220 }],
    silences: [silence('n1', 150, 160), silence('n1', 100, 120), silence('n2', 300, 400)]
  }
  t.equal(countFrom(conditions, 'n1', 90, 20), 120)
  t.equal(countFrom(conditions, 'n1', 90, 50), 160, 'and again')
  t.equal(countFrom(conditions, 'n1', 90, 10), 90)
  t.equal(countFrom(conditions, 'n1', 110, 5), 120, 'in the midst of it')
  t.equal(countFrom(conditions, 'n1', 170, 500), 170)
  t.equal(countFrom(conditions, undefined, 170, 500), 400, 'of the last of all nodes')
  t.equal(faultDuring(conditions, { from: 0, until: 94 }), undefined)
  t.equal(faultDuring(conditions, { from: 0, until: 95 }), 'cut-redis')
})
