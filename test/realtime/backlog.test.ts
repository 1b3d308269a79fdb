import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { startNode, type TestNode } from '../helpers/node.ts'
import { people, type Person } from '../helpers/person.ts'
import type { Ending } from '../helpers/stores.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

/** A websocket that says hello, and then never reads again. */
async function connectWithoutReading (t: Ending, node: TestNode, person: Person): Promise<Socket> {
  const { hostname, port } = new URL(node.url)
  const socket = connect(Number(port), hostname)
  t.teardown(() => socket.destroy())
  const lines = [
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1', `Host: ${hostname}:${port}`, 'Connection: Upgrade', 'Upgrade: websocket',
    'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`, `Cookie: ${person.jar.header ?? ''}`
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  await once(socket, 'data')
  // "40", the packet that enters the namespace, in a masked frame.
  socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x34, 0x30]))
  let heard = ''
  while (!heard.includes('session:ready')) heard += String((await once(socket, 'data'))[0])
  socket.pause()
  return socket
}

t.test('B1: a client that never reads is cut off; the others lose nothing, and its metric counts it', async (t) => {
  const node = await startNode(t)
  const [alice, bob, carol] = await people(node, 'alice', 'bob', 'carol')
  const room = await alice.makeRoom()
  for (const person of [bob, carol]) await person.join(room)
  const [alice1, carol1] = [await alice.connect(), await carol.connect()]
  const deaf = await connectWithoutReading(t, node, bob)
  const cutOff = async () => Number(/^parley_sockets_cut_off_total\S* (\d+)/m.exec(await (await fetch(`${node.url}/metrics`)).text())?.[1])

  // The kernel takes some megabytes before anything waits in the node.
  const text = 'x'.repeat(4000)
  let sent = 0
  while (await cutOff() === 0 && sent < 10_000) {
    await Promise.all(Array.from({ length: 200 }, () => alice1.do('message:send', { roomId: room.id, id: randomUUID(), text })))
    sent += 200
  }
  t.equal(await cutOff(), 1)
  await until('the socket is gone', () => node.app.realtime.io.sockets.sockets.size === 2)
  const log = await carol1.caughtUp(room.id, 3 + sent, 20_000)
  t.same(log.map(({ seq }) => seq), Array.from({ length: sent }, (_, index) => index + 4))
  deaf.destroy()
})
