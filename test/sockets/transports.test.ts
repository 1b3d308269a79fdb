import { startNode } from '../helpers/node.ts'
import { person } from '../helpers/person.ts'
import { t } from '../suite.ts'

const polling = '/socket.io/?EIO=4&transport=polling'

t.test('a page that may not call cannot go on with a connection that was begun without an Origin', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const headers = { cookie: alice.jar.header ?? '' }
  const handshake = await (await fetch(node.url + polling, { headers })).text()
  const { sid } = JSON.parse(handshake.slice(1)) as { sid: string }
  const url = `${node.url}${polling}&sid=${sid}`
  const refused = await fetch(url, { method: 'POST', body: '40', headers: { ...headers, origin: 'http://evil.example' } })
  t.equal(refused.status, 403)
  t.match(await refused.json(), { error: { code: 'origin.refused' } })
  t.equal((await fetch(url, { method: 'POST', body: '40', headers })).status, 200, 'its own client can')
})

t.test('answers cannot be read as a script', async (t) => {
  const node = await startNode(t)
  const answer = await fetch(`${node.url}${polling}&j=0`)
  t.equal(answer.status, 400)
  t.match(await answer.json(), { error: { code: 'request.invalid' } })
})

t.test('a connection enters once, however often it asks', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const headers = { cookie: alice.jar.header ?? '' }
  const handshake = await (await fetch(node.url + polling, { headers })).text()
  const { sid } = JSON.parse(handshake.slice(1)) as { sid: string }
  const body = Array<string>(1000).fill('40').join('\x1e')
  await (await fetch(`${node.url}${polling}&sid=${sid}`, { method: 'POST', headers, body })).text()
  // A fence: somebody who came later has been let in.
  await alice.connect()
  t.ok(node.app.realtime.io.sockets.sockets.size <= 2)
})

t.test('a namespace that there is not is refused in the contract\'s words', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  t.match(await alice.socket({ namespace: '/admin' }).refusal(), { code: 'route.not_found' })
})
