import { startNode, startNodes, type Address } from '../helpers/node.ts'
import { people, person } from '../helpers/person.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

const strict = { LIMITS: 'standard', TRUST_PROXY: 'loopback' }
const from = (address: string) => ({ extraHeaders: { 'x-forwarded-for': address } })

/** A connection that never enters the namespace, by polling: its answer, and its id. */
async function openOnly (node: Address, address: string) {
  const response = await fetch(`${node.url}/socket.io/?EIO=4&transport=polling`, { headers: { 'x-forwarded-for': address } })
  const text = await response.text()
  return { response, text, sid: /"sid":"([^"]+)"/.exec(text)?.[1] }
}

t.test('a user has so many connections on a node; a place that was left is free again', async (t) => {
  const [one, two] = await startNodes(t, 2, { ...strict, USER_CONNECTIONS: 3 })
  const [alice, bob] = await people(one, 'alice', 'bob')
  const [first] = await Promise.all([alice.connect(), alice.connect(), alice.connect()])

  const refusal = await alice.socket().refusal()
  t.match(refusal, { code: 'rate.limited', retryable: true })
  t.ok(refusal?.retryAfterMs && refusal.retryAfterMs >= 1000, 'it says when to come back')
  await bob.connect()
  await alice.at(two).connect()
  first?.close()
  await until('she is let in again', () => alice.connect().then(() => true, () => false))
  t.equal((await alice.socket().refusal())?.code, 'rate.limited', 'and there are three again')
})

t.test('an address has so many connections on a node, also such as never enter', async (t) => {
  const node = await startNode(t, { ...strict, ADDRESS_CONNECTIONS: 4 })
  const [alice, bob] = await people(node, 'alice', 'bob')
  const [first] = await Promise.all([alice.connect(from('203.0.113.7')), bob.connect(from('203.0.113.7')), alice.connect(from('203.0.113.7'))])
  t.equal((await openOnly(node, '203.0.113.7')).response.status, 200)

  const refusal = await bob.socket(from('203.0.113.7')).refusal()
  t.match(refusal, { code: 'rate.limited', retryable: true })
  t.ok(refusal?.retryAfterMs)
  await bob.connect(from('203.0.113.8'))
  first?.close()
  await until('bob is let in', () => bob.connect(from('203.0.113.7')).then(() => true, () => false))
})

t.test('a flood from one address does not even get a connection; an IPv6 network is one address', async (t) => {
  const node = await startNode(t, { ...strict, ADDRESS_CONNECTIONS: 2 })
  const alice = await person(node, 'alice')
  for (let count = 1; count <= 4; count++) t.ok((await openOnly(node, `2001:db8:1:2::${count}`)).sid)
  const { response, text } = await openOnly(node, '2001:db8:1:2::5')
  t.equal(response.status, 429)
  t.match(JSON.parse(text), { error: { code: 'rate.limited', retryable: true } })
  t.match(response.headers.get('retry-after'), /^\d+$/)
  await t.rejects(alice.connect(from('2001:db8:1:2::6')), 'nor by websocket')
  await alice.connect(from('2001:db8:1:3::1'))
})

t.test('relaxed means a thousand times as many', async (t) => {
  const node = await startNode(t, { USER_CONNECTIONS: 1, ADDRESS_CONNECTIONS: 1 })
  const alice = await person(node, 'alice')
  await Promise.all([alice.connect(), alice.connect(), alice.connect()])
})

t.test('a connection that never enters is closed, and counts no more', async (t) => {
  const node = await startNode(t, { ...strict, ADDRESS_CONNECTIONS: 1 })
  const alice = await person(node, 'alice')
  t.equal(node.app.realtime.io.connectTimeout(), 10_000)
  node.app.realtime.io.connectTimeout(200)
  const { sid } = await openOnly(node, '203.0.113.7')
  const poll = await fetch(`${node.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`)
  t.equal(await poll.text(), '1', 'it is told that it is closed')
  await alice.connect(from('203.0.113.7'))
})

t.test('whoever is refused does not keep the connection', async (t) => {
  const node = await startNode(t, strict)
  const { sid } = await openOnly(node, '203.0.113.7')
  const url = `${node.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`
  t.equal((await fetch(url, { method: 'POST', body: '40' })).status, 200)
  let heard = ''
  await until('it is closed', async () => {
    const response = await fetch(url)
    heard += `${response.status} ${await response.text()} `
    return response.status === 400 || heard.includes(' 1 ')
  })
  t.match(heard, /session\.required/, 'having been told why')
})
