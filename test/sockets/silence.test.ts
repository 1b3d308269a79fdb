import { once } from 'node:events'
import { WebSocket } from 'ws'
import { startNode } from '../helpers/node.ts'
import { people } from '../helpers/person.ts'
import { t } from '../suite.ts'

t.test('P1: who answers no ping is gone within 20 s, and who answers stays', async (t) => {
  const node = await startNode(t)
  const [alice, bob] = await people(node, 'alice', 'bob')
  const bobs = await bob.connect()
  const said: string[] = []
  const silent = new WebSocket(`${node.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, { headers: { cookie: alice.jar.header ?? '' } })
  silent.on('message', (data: Buffer) => {
    said.push(data.toString().slice(0, 2))
    if (said.length === 1) silent.send('40')
  })
  await once(silent, 'open')
  const openedAt = performance.now()
  await once(silent, 'close')
  const ms = performance.now() - openedAt

  t.ok(ms > 15_000 && ms < 20_000, `${ms.toFixed(0)} ms`)
  t.equal(said.filter((packet) => packet === '2').length, 1, 'one ping')
  t.same(await bobs.do('room:sync', { rooms: [] }), { rooms: [] })
})
