import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Test } from 'tap'
import { Link } from '../../load/prove/links/link.ts'
import { ReplySplitter } from '../../load/prove/links/resp.ts'
import { t } from '../suite.ts'

const notice = '*3\r\n$8\r\nsmessage\r\n$12\r\nparley:room:{a}\r\n$2\r\nhi\r\n'.replace('$12', '$15')
const probe = '*3\r\n$8\r\nsmessage\r\n$12\r\nparley:probe\r\n$0\r\n\r\n'

t.test('replies of Redis are cut where they end, however they arrive', async (t) => {
  const replies = ['+OK\r\n', ':12\r\n', '$-1\r\n', '*-1\r\n', '$4\r\n\r\n\r\n\r\n', '*0\r\n', notice, '>2\r\n+a\r\n%1\r\n$1\r\nb\r\n*1\r\n:1\r\n', '_\r\n']
  const bytes = Buffer.from(replies.join(''))
  for (const size of [1, 3, 7, bytes.length]) {
    const splitter = new ReplySplitter()
    const found: string[] = []
    for (let start = 0; start < bytes.length; start += size) found.push(...splitter.push(bytes.subarray(start, start + size)).map(String))
    t.same(found, replies, `in pieces of ${size}`)
  }
})

/** A store that a test can speak for, a link to it, and somebody who uses it. */
async function setUp (t: Test, protocol: string) {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const target = `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}/parley`
  const link = await Link.open(target)
  t.teardown(() => {
    link.close()
    server.close()
  })
  const { hostname, port, pathname } = new URL(link.urlFor(target))
  t.equal(pathname, '/parley', 'the URL is the same but for the port')
  const use = async (): Promise<{ near: Socket, far: Socket }> => {
    const near = connect({ host: hostname, port: Number(port) })
    near.on('error', () => {})
    const [far] = await once(server, 'connection') as [Socket]
    far.on('error', () => {})
    return { near, far }
  }
  return { link, use, address: { host: hostname, port: Number(port) } }
}

/** `once` would take the reset that comes before it for a failure. */
const closing = (socket: Socket): Promise<void> => new Promise((resolve) => {
  socket.on('error', () => {})
  socket.on('close', () => { resolve() })
})

const heard = async (socket: Socket): Promise<string> => String((await once(socket, 'data') as [Buffer])[0])

t.test('an open link passes everything, both ways', async (t) => {
  const { use } = await setUp(t, 'postgres')
  const { near, far } = await use()
  near.write('hello')
  t.equal(await heard(far), 'hello')
  far.write('and to you')
  t.equal(await heard(near), 'and to you')
})

t.test('on a hanging link nothing is lost and nothing arrives before it is open again', async (t) => {
  const { link, use } = await setUp(t, 'postgres')
  const { near, far } = await use()
  link.mode = 'hanging'
  const order: string[] = []
  const arrived = heard(far).then((text) => { order.push(text) })
  near.write('one')
  // As a fence, the same over a way that is open: what was to come has come by then.
  const other = await setUp(t, 'postgres')
  const fence = await other.use()
  for (let round = 0; round < 5; round++) {
    fence.near.write('fence')
    order.push(await heard(fence.far))
  }
  t.notOk(near.destroyed)
  link.mode = 'open'
  await arrived
  t.same(order, ['fence', 'fence', 'fence', 'fence', 'fence', 'one'])
})

t.test('a refusing link resets what there is and whatever comes', async (t) => {
  const { link, use, address } = await setUp(t, 'postgres')
  const { near } = await use()
  const closed = closing(near)
  link.mode = 'refusing'
  await closed
  await closing(connect(address))
  t.pass('the new one too')
})

t.test('a forgetful link drops the notices of rooms, whole, and nothing else', async (t) => {
  const { link, use } = await setUp(t, 'redis')
  const { near, far } = await use()
  link.mode = 'forgetful'
  far.write(notice + probe + notice)
  t.equal(await heard(near), probe)
  t.equal(link.forgotten, 2)
  link.mode = 'open'
  far.write(notice)
  t.equal(await heard(near), notice)
})

t.test('an endless link drops the news that a session has ended, and nothing else', async (t) => {
  const { link, use } = await setUp(t, 'redis')
  const told = (event: string): string => {
    const [channel, message] = ['parley:adapter#/#', JSON.stringify({ uid: 'n1', type: 6, data: { packet: [event, 'id', 'logout'] } })]
    return `*3\r\n$8\r\nsmessage\r\n$${channel.length}\r\n${channel}\r\n$${message.length}\r\n${message}\r\n`
  }
  const { near, far } = await use()
  link.mode = 'endless'
  far.write(told('session:ended') + told('membership:changed') + told('session:ended'))
  t.equal(await heard(near), told('membership:changed'))
  t.equal(link.forgotten, 2)
})
