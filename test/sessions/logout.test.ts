import { startNode, startNodes } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import { t } from '../suite.ts'
import { sidOf } from './cookies.ts'

t.test('scenarios 2, 3 and 5: a session is known to every node, and so is its end', async (t) => {
  const [here, there] = await startNodes(t, 2)
  const alice = await person(here, 'alice')
  const again = { cookie: alice.jar.header ?? '' }
  t.equal((await alice.at(there).get('/auth/user')).status, 200)

  const { status, body } = await alice.post('/auth/logout')

  t.equal(status, 204)
  t.same(body, {})
  for (const node of [here, there]) {
    t.equal((await stranger(node).get('/auth/user', { headers: again })).body.error.code, 'session.required')
    t.equal(await node.app.readSession(again.cookie), null)
  }
})

t.test('scenario 4: the cookie goes with the options that it came with', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const set = sidOf(await alice.post('/auth/login', { username: 'alice', password: alice.password }))

  const cleared = sidOf(await alice.post('/auth/logout'))

  t.equal(cleared?.value, '')
  t.equal(cleared?.attributes['max-age'], '0')
  t.same(cleared?.flags, set?.flags)
  for (const name of ['path', 'samesite', 'domain']) t.equal(cleared?.attributes[name], set?.attributes[name])
  t.equal(alice.jar.header, undefined, 'the browser has no sid')
})

t.test('a logout without a live session is refused, and clears the cookie all the same', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const dead = { cookie: alice.jar.header ?? '' }
  await alice.post('/auth/logout')

  const again = await stranger(node).request('POST', '/auth/logout', { headers: dead })

  t.equal(again.body.error.code, 'session.required')
  t.equal(sidOf(again)?.attributes['max-age'], '0')
})

t.test('a logout may announce JSON and send nothing', async (t) => {
  const node = await startNode(t)
  for (const body of ['', undefined, '{}']) {
    const alice = await person(node, 'alice')
    const { status } = await alice.request('POST', '/auth/logout', { ...(body !== undefined && { body }), headers: { 'content-type': 'application/json' } })
    t.equal(status, 204, String(body))
  }
  const alice = await person(node, 'alice')
  t.equal((await alice.request('DELETE', '/auth/sessions', { body: '' })).status, 204)
  t.equal((await alice.request('POST', '/auth/logout', { body: '{' })).body.error.code, 'request.invalid')
})

t.test('two logouts at the same moment tell of one end', async (t) => {
  const [here, there] = await startNodes(t, 2)
  const alice = await person(here, 'alice')
  const { body: { session } } = await alice.get('/auth/user')
  const ended: unknown[] = []
  for (const { app } of [here, there]) app.domain.sessions.onEnded((end) => { ended.push(end) })

  const answers = await Promise.all([alice, alice.at(there)].map((device) => device.post('/auth/logout')))

  t.ok(answers.some(({ status }) => status === 204))
  t.same(ended, [{ id: session.id, userId: alice.id, reason: 'logout' }])
})

t.test('scenario 5: a node that starts again knows who is signed in', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const before = await alice.get('/auth/user')
  await node.close()

  const restarted = await startNode(t, { stores: node.stores })

  t.same((await alice.at(restarted).get('/auth/user')).body, before.body)
})
