import { once } from 'node:events'
import { createServer, get as httpGet, request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { json, text } from 'node:stream/consumers'
import proxyAddr from '@fastify/proxy-addr'
import { Server } from 'socket.io'
import { io } from 'socket.io-client'
import type { Test } from 'tap'
import { startBalancer } from '../../cluster/balancer.ts'
import { forwardedFor } from '../../cluster/forwarded.ts'
import { findFreePort } from '../../cluster/ports.ts'
import type { Upstream } from '../../cluster/upstreams.ts'
import { t } from '../suite.ts'
import { until } from './helpers.ts'

interface FakeNode extends Upstream {
  seen: IncomingMessage[]
  status: number
  close: () => void
}

async function startNode (t: Test, name: string, listener?: RequestListener): Promise<FakeNode> {
  const answerByName: RequestListener = (_request, response) => response.end(name)
  const server = createServer((request, response) => {
    if (request.url === '/readyz') return response.writeHead(node.status).end()
    node.seen.push(request)
    return (listener ?? answerByName)(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  const node: FakeNode = { name, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen: [], status: 200, close }
  t.teardown(close)
  return node
}

async function startNobody (name: string): Promise<Upstream> {
  return { name, url: `http://127.0.0.1:${await findFreePort()}` }
}

async function balance (t: Test, nodes: Upstream[]): Promise<string> {
  const balancer = await startBalancer({ port: 0, host: '127.0.0.1', nodes })
  t.teardown(() => balancer.close())
  return `http://127.0.0.1:${balancer.port}`
}

const ask = async (url: string, options?: RequestInit) => await (await fetch(url, options)).text()
const unavailable = { error: { code: 'server.unavailable', message: String, retryable: true } }

t.test('requests take turns; an engine.io id goes to its node', async (t) => {
  const url = await balance(t, [await startNode(t, 'n1'), await startNode(t, 'n2')])
  const names = [await ask(url), await ask(url), await ask(url), await ask(url)]
  t.strictSame(names.toSorted(), ['n1', 'n1', 'n2', 'n2'])
  for (let i = 0; i < 4; i++) t.equal(await ask(`${url}/socket.io/?transport=polling&sid=n2.abc`), 'n2')
})

t.test('a draining node gets no new work, but still what belongs to it', async (t) => {
  const [n1, n2] = [await startNode(t, 'n1'), await startNode(t, 'n2')]
  const url = await balance(t, [n1, n2])
  n1.status = 503
  await until('n1 to be left out', async () => await ask(url) === 'n2' && await ask(url) === 'n2')
  t.equal(await ask(`${url}/?sid=n1.abc`), 'n1')
  n2.status = 503
  t.ok(await ask(url), 'when nobody is ready, a node says itself what is wrong')
})

t.test('a request that could not be sent goes to the next node, with its body', async (t) => {
  const n2 = await startNode(t, 'n2', (request, response) => { request.pipe(response) })
  const n1 = await startNode(t, 'n1')
  const url = await balance(t, [n1, n2])
  n1.close()
  for (let i = 0; i < 3; i++) t.equal(await ask(`${url}/?sid=n1.abc`, { method: 'POST', body: 'hello' }), 'hello')
})

t.test('a request that was sent is never repeated', async (t) => {
  const nodes = await Promise.all(['n1', 'n2'].map((name) => startNode(t, name, (request) => request.socket.destroy())))
  const url = await balance(t, nodes)
  const response = await fetch(url, { method: 'POST', body: 'hello' })
  t.equal(response.status, 503)
  t.match(await response.json(), unavailable)
  t.equal(nodes.flatMap((node) => node.seen).length, 1)
})

t.test('without any node the answer has the shape of the contract, for upgrades as well', async (t) => {
  const url = await balance(t, [await startNobody('n1')])
  const response = await fetch(`${url}/api/rooms`)
  t.equal(response.status, 503)
  t.match(await response.json(), unavailable)

  const upgrade = httpGet(`${url}/socket.io/?transport=websocket`, { headers: { connection: 'upgrade', upgrade: 'websocket' } })
  const [refusal] = await once(upgrade, 'response') as [IncomingMessage]
  t.equal(refusal.statusCode, 503)
  t.match(await json(refusal), unavailable)
})

t.test('the node learns who asked, behind what the client claims', async (t) => {
  const node = await startNode(t, 'n1')
  const url = await balance(t, [node])
  await ask(url, { headers: { 'x-forwarded-for': '9.9.9.9', 'x-forwarded-host': 'elsewhere' } })
  const { host } = new URL(url)
  t.match(node.seen[0]!.headers, {
    host, 'x-forwarded-for': '9.9.9.9, 127.0.0.1', 'x-forwarded-proto': 'http', 'x-forwarded-host': `elsewhere, ${host}`,
  })
})

t.test('whoever comes from another machine has the address that the balancer sees, whatever they claim', async (t) => {
  const isTrusted = proxyAddr.compile('loopback')
  const addressBehind = (peer: string, claimed: string) => {
    const headers = { host: 'chat.example.com', 'x-forwarded-for': claimed }
    const told = forwardedFor({ headers, socket: { remoteAddress: peer } } as unknown as IncomingMessage)
    return proxyAddr({ headers: told, socket: { remoteAddress: '127.0.0.1' } } as unknown as IncomingMessage, isTrusted)
  }
  for (const peer of ['192.0.2.7', '::ffff:192.0.2.7', '2001:db8::7']) {
    for (const claimed of ['9.9.9.9', '127.0.0.1', '9.9.9.9, 127.0.0.1, ::1']) t.equal(addressBehind(peer, claimed), peer, claimed)
  }
  t.equal(addressBehind('127.0.0.1', '192.0.2.7'), '192.0.2.7', 'a proxy on this machine is believed')
})

t.test('bodies stream in both directions', async (t) => {
  const url = await balance(t, [await startNode(t, 'n1', (request, response) => { request.pipe(response) })])
  const { hostname, port } = new URL(url)
  const request = httpRequest({ hostname, port, method: 'POST' })
  const responded = once(request, 'response') as Promise<[IncomingMessage]>
  request.write('one ')
  const [response] = await responded
  t.equal(String(await once(response, 'data')), 'one ', 'the answer begins before the request ends')
  request.end('two')
  t.equal(await text(response), 'two')
})

t.test('a client that goes away takes its request with it', async (t) => {
  let isAborted = false
  const node = await startNode(t, 'n1', (_request, response) => { response.once('close', () => { isAborted = true }) })
  const url = await balance(t, [node])
  const patience = new AbortController()
  const answer = fetch(url, { signal: patience.signal })
  await until('the request at the node', () => node.seen.length === 1)
  patience.abort()
  await t.rejects(answer)
  await until('the end of the request at the node', () => isAborted)
})

t.test('an answer that breaks off breaks off at the client', async (t) => {
  const url = await balance(t, [await startNode(t, 'n1', (_request, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('begun', () => response.destroy())
  })])
  await t.rejects(ask(url))
})

t.test('a body never reaches the node as a request of its own', async (t) => {
  const node = await startNode(t, 'n1', (request, response) => { request.pipe(response) })
  const { hostname, port } = new URL(await balance(t, [node]))
  const hidden = 'GET /hidden HTTP/1.1\r\nhost: a\r\n\r\n'
  const framings = [
    `connection: close, content-length\r\ncontent-length: ${hidden.length}\r\n\r\n${hidden}`,
    `connection: close\r\ntransfer-encoding: chunked\r\n\r\n${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`,
  ]
  for (const framing of framings) {
    const socket = connect(Number(port), hostname)
    socket.write(`GET /shown HTTP/1.1\r\nhost: a\r\nx-odd: \xff\r\n${framing}`, 'latin1')
    t.match(await text(socket), 'GET /hidden', 'it comes back as the body that it is')
  }
  t.strictSame(node.seen.map((request) => request.url), ['/shown', '/shown'])
})

t.test('connections that are reset harm nobody else', async (t) => {
  const url = await balance(t, [await startNode(t, 'n1')])
  const { hostname, port } = new URL(url)
  for (const head of ['GET / HTTP/1.1\r\n', 'GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n', 'nonsense\r\n\r\n']) {
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    socket.write(head)
    socket.resetAndDestroy()
  }
  t.equal(await ask(url), 'n1')
})

t.test('Socket.IO works by polling, by websocket and through the upgrade between them', async (t) => {
  const nodes = await Promise.all(['n1', 'n2', 'n3'].map(async (name) => {
    const server = createServer((_request, response) => response.end())
    const sockets = new Server(server)
    let count = 0
    sockets.engine.generateId = () => `${name}.${count++}`
    sockets.on('connection', (socket) => socket.on('echo', (word: string, ack: (word: string) => void) => ack(word)))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => sockets.close())
    return { name, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
  }))
  const url = await balance(t, nodes)
  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
    const client = io(url, { transports, forceNew: true })
    t.teardown(() => client.close())
    const word = 'x'.repeat(100_000)
    t.equal(await client.emitWithAck('echo', word), word, transports.join())
    await until(`the transport ${transports.at(-1)}`, () => client.io.engine.transport.name === transports.at(-1))
    t.equal(await client.emitWithAck('echo', 'again'), 'again')
  }
})

t.test('what is no HTTP is refused in the contract\'s shape', async (t) => {
  const balancer = await startBalancer({ port: 0, host: '127.0.0.1', nodes: [] })
  t.teardown(() => balancer.close())
  const answers = await Promise.all(['nonsense\r\n\r\n', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`].map(async (text) => {
    const socket = connect(balancer.port, '127.0.0.1')
    socket.write(text)
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    return answer
  }))
  t.match(answers[0], /^HTTP\/1\.1 400 [\s\S]*"request\.invalid"/)
  t.match(answers[1], /^HTTP\/1\.1 413 [\s\S]*"request\.too_large"/)
})
