import { Signer } from '@fastify/cookie'
import { startNode } from '../helpers/node.ts'
import { person, stranger } from '../helpers/person.ts'
import { t } from '../suite.ts'
import { sidOf } from './cookies.ts'

t.test('scenario 21: a cookie that is not ours is no session, for REST as for sockets', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const { body: { session } } = await alice.get('/auth/user')
  const genuine = decodeURIComponent(alice.jar.get('sid') ?? '')
  const [id = '', signature = ''] = genuine.split('.')

  for (const value of [
    '', '.', 'x', 'x.y', id, `${id}.`, `.${signature}`, `${id}x.${signature}`, `${id}.${signature.slice(1)}`, `${id}.${signature}x`,
    session.id, alice.id, `${session.id}.${signature}`, new Signer('somebody else\'s secret, thirty-two').sign(id),
    '%', '%00', '%E0%A4%A', '"quoted"', 's:'.concat(genuine), '[object Object]', 'null', `${id}\t.${signature}`, 'x'.repeat(8000)
  ]) {
    const cookie = `sid=${value}`
    const answer = await stranger(node).get('/auth/user', { headers: { cookie } })
    t.equal(answer.status, 401, cookie.slice(0, 80))
    t.equal(answer.body.error.code, 'session.required')
    t.equal(sidOf(answer), undefined, 'a newer cookie that the browser may have got meanwhile is left alone')
    t.equal(await node.app.readSession(cookie), null)
  }
  for (const cookie of [undefined, '', ';', 'sid', '=;=', 'other=1', `SID=${genuine}`, '\u00ff=\u00ff']) {
    t.equal(await node.app.readSession(cookie), null, String(cookie))
  }
  t.equal((await alice.get('/auth/user')).status, 200)
})

t.test('the same header means the same to REST and to sockets', async (t) => {
  const node = await startNode(t)
  const [alice, bob] = [await person(node, 'alice'), await person(node, 'bob')]
  const [ofAlice, ofBob] = [alice.jar.header ?? '', bob.jar.header ?? '']

  for (const cookie of [`${ofAlice}; ${ofBob}`, `${ofBob}; ${ofAlice}`, `theme=dark; ${ofAlice}; a=b`, `sid=x; ${ofAlice}`, `${ofBob};`]) {
    const { body } = await stranger(node).get('/auth/user', { headers: { cookie } })
    t.same((await node.app.readSession(cookie))?.session.userId ?? undefined, body.user?.id, cookie)
  }
})

t.test('a new secret signs, and what the old one signed is good until it goes', async (t) => {
  const [older, newer] = ['an older secret of thirty-two letters', 'a newer secret of thirty-two letters']
  const first = await startNode(t, { SESSION_SECRET: older })
  const alice = await person(first, 'alice')
  const { stores } = first
  const before = alice.jar.get('sid')
  const { body } = await alice.get('/auth/user')

  const second = await startNode(t, { stores, SESSION_SECRET: `${newer},${older}` })
  const answer = await alice.at(second).get('/auth/user')
  t.same(answer.body, body, 'it is the same session')
  t.match(sidOf(answer), { flags: ['httponly'], attributes: { path: '/', samesite: 'Lax' } })
  t.ok(Date.parse(sidOf(answer)?.attributes.expires ?? '') > Date.now())
  t.not(alice.jar.get('sid'), before, 'under another signature')
  t.equal(sidOf(await alice.at(second).get('/auth/user')), undefined, 'once')

  const third = await startNode(t, { stores, SESSION_SECRET: newer })
  t.same((await alice.at(third).get('/auth/user')).body, body)
  t.equal((await stranger(third).get('/auth/user', { headers: { cookie: `sid=${before ?? ''}` } })).status, 401)
})
