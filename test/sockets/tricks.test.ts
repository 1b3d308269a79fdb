import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { startNode, type TestNode } from '../helpers/node.ts'
import { person } from '../helpers/person.ts'
import { t } from '../suite.ts'

const polling = 'EIO=4&transport=polling'

async function handshake (node: TestNode, query: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${node.url}/socket.io/?${query}`, { headers })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

t.test('however the query is written, no answer is a script', async (t) => {
  const node = await startNode(t)
  for (const query of [`${polling}&j=0`, `x=?&${polling}&j=0`, `${polling}&j=`, `j=1&${polling}&j=0`, `${polling}&%6a=0`]) {
    const { status, text } = await handshake(node, query)
    t.equal(status, 400, query)
    t.notMatch(text, /^___eio/, query)
  }
  const { headers } = await handshake(node, polling)
  t.equal(headers.get('x-content-type-options'), 'nosniff')
  t.equal(headers.get('cross-origin-resource-policy'), 'same-origin')
})

t.test('however the query is written, a page of another origin does not go on with a connection', async (t) => {
  const node = await startNode(t)
  const { text } = await handshake(node, polling)
  const { sid } = JSON.parse(text.slice(1)) as { sid: string }
  for (const query of [`${polling}&sid=${sid}`, `x=?&${polling}&sid=${sid}`, `sid=other&${polling}&sid=${sid}`, `${polling}&%73id=${sid}`]) {
    const { status } = await fetch(`${node.url}/socket.io/?${query}`, { method: 'POST', headers: { origin: 'https://evil.example' }, body: '40' })
    t.equal(status, 403, query)
  }
  t.equal((await fetch(`${node.url}/socket.io/?${polling}&sid=${sid}`, { method: 'POST', body: '40' })).status, 200, 'whose connection it is goes on')
})

t.test('however the query is written, a connection is counted for its address', async (t) => {
  const node = await startNode(t, { LIMITS: 'standard', ADDRESS_CONNECTIONS: 1 })
  for (const query of [polling, `${polling}&sid=`]) t.equal((await handshake(node, query)).status, 200, query)
  for (const query of [polling, `${polling}&sid=`, `x=?&${polling}`, `sid=a&${polling}&sid=`]) t.equal((await handshake(node, query)).status, 429, query)
})

t.test('no name of a command counts for nothing', async (t) => {
  const node = await startNode(t, { LIMITS: 'standard' })
  const socket = await (await person(node, 'alice')).connect()
  const names = [...Object.getOwnPropertyNames(Object.prototype), 'toString', 'constructor']
  for (const name of names) t.equal((await socket.send(name, {})).error?.code, 'command.unknown', name)
  const acks = await Promise.all(Array.from({ length: 600 }, () => socket.send('nothing', {})))
  t.ok(acks.some(({ error }) => error?.code === 'rate.limited'))
})

t.test('whoever asks for namespaces that there are not is answered, closed, and told to no other node', async (t) => {
  const node = await startNode(t)
  const { commands } = node.app.redis
  const channels = () => commands.call('PUBSUB', 'SHARDCHANNELS', `${node.stores.redisPrefix}*`)
  const before = await channels() as string[]
  const socket = new WebSocket(`${node.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
  await once(socket, 'open')
  const answers: string[] = []
  socket.on('message', (data: Buffer) => { answers.push(data.toString()) })
  for (let count = 0; count < 100; count++) socket.send(`40/space-${count},`)
  await once(socket, 'close')
  t.match(answers.find((text) => text.startsWith('44/space-0,')), /route\.not_found/)
  t.same((await channels() as string[]).toSorted(), before.toSorted())
  t.equal(node.app.realtime.io._nsps.size, 1, 'nothing of them is left')
})

t.test('whoever pings without end and reads nothing is cut off, a stranger too; whoever reads is answered', async (t) => {
  const node = await startNode(t)
  const url = `${node.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`
  const open = async (): Promise<WebSocket> => {
    const socket = new WebSocket(url)
    socket.on('error', () => {})
    t.teardown(() => { socket.terminate() })
    await once(socket, 'open')
    return socket
  }
  const [deaf, polite] = [await open(), await open()]
  deaf.pause()
  let sent = 0
  const isCutOff = (): boolean => node.app.realtime.io.engine.clientsCount === 1
  while (!isCutOff() && sent < 60_000_000) {
    for (let count = 0; count < 2000; count++, sent += 125) deaf.ping('x'.repeat(125))
    await setImmediate()
  }
  t.ok(isCutOff(), `${sent} bytes`)
  polite.ping('hello')
  const [answer] = await once(polite, 'pong', { signal: AbortSignal.timeout(5000) }) as [Buffer]
  t.equal(answer.toString(), 'hello')
})
