import { randomUUID } from 'node:crypto'
import { checkFailure } from '../contract/checks.ts'
import { startNode, startNodes } from '../helpers/node.ts'
import { people, person } from '../helpers/person.ts'
import { TestSocket, type ConnectOptions } from '../helpers/socket.ts'
import { t } from '../suite.ts'
import { complaintsAbout } from './checked.ts'
import { closeSocketsFirst } from './close-first.ts'

const transports: Array<[string, ConnectOptions]> = [['polling', { transports: ['polling'] }], ['websocket', { transports: ['websocket'] }]]

t.test('scenario 10: who may not connect is told why, in the contract\'s words, over every transport', async (t) => {
  const [one, two] = await startNodes(t, 2)
  closeSocketsFirst(t, [one, two])
  const [alice, bob] = await people(one, 'alice', 'bob')
  const cookie = alice.jar.header ?? ''
  const ended = bob.jar.header ?? ''
  await bob.post('/auth/logout')
  const signature = cookie.slice(cookie.lastIndexOf('.'))
  const refused: Record<string, [string, ConnectOptions]> = {
    'no cookie': ['session.required', {}],
    'an empty one': ['session.required', { cookie: 'sid=' }],
    'one that is forged': ['session.required', { cookie: `sid=${randomUUID()}${signature}` }],
    'one that was cut': ['session.required', { cookie: cookie.slice(0, -3) }],
    'one without its signature': ['session.required', { cookie: cookie.slice(0, cookie.lastIndexOf('.')) }],
    'one that is nonsense': ['session.required', { cookie: 'sid=%00%ff; sid; ;;=; __proto__=1' }],
    'one of another name': ['session.required', { cookie: cookie.replace('sid=', 'session=') }],
    'a huge one': ['session.required', { cookie: `sid=${'x'.repeat(8000)}` }],
    'one whose session was ended': ['session.required', { cookie: ended }],
    'a page of another origin': ['origin.refused', { cookie, origin: 'https://evil.example' }],
    'another origin and no cookie': ['origin.refused', { origin: 'https://evil.example' }],
    'the origin null': ['origin.refused', { cookie, origin: 'null' }]
  }
  for (const [what, [code, options]] of Object.entries(refused)) {
    for (const [transport, by] of transports) {
      for (const node of [one, two]) {
        const error = await new TestSocket(node, { ...by, ...options }).refusal()
        t.equal(checkFailure({ error }), undefined, `${what}, ${transport}`)
        t.equal(error?.code, code, `${what}, ${transport}`)
      }
    }
  }
  for (const [transport, by] of transports) {
    const socket = await alice.connect({ ...by, origin: one.url })
    t.equal(socket.ready.user.id, alice.id, `her own origin, ${transport}`)
  }
})

t.test('a session that has expired opens no socket', async (t) => {
  const node = await startNode(t, { SESSION_IDLE_SECONDS: 1 })
  closeSocketsFirst(t, [node])
  const alice = await person(node, 'alice')
  const socket = await alice.connect()
  t.same(await socket.next('session:ended', undefined, 8000), { reason: 'expired' })
  t.equal(await socket.next('disconnect'), 'io server disconnect')
  for (const [transport, by] of transports) t.equal((await alice.socket(by).refusal())?.code, 'session.required', transport)
})

t.test('scenario 9: the handshake is where REST is, over every transport', async (t) => {
  const [one] = await startNodes(t, 1)
  closeSocketsFirst(t, [one])
  const alice = await person(one, 'alice')
  const room = await alice.makeRoom()
  for (const options of [...transports.map(([, by]) => by), { transports: ['polling', 'websocket'] }]) {
    const socket = await alice.connect(options)
    await socket.do('message:send', { roomId: room.id, id: randomUUID(), text: 'hello' })
  }
})

t.test('session:ready comes first, and says who, which session, where, and how all rooms stand', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const [alice, bob, mallory] = await people(one, 'alice', 'bob', 'mallory')
  const [tea, quiet] = [await alice.makeRoom({ name: 'Tea' }), await alice.makeRoom({ name: 'Quiet', kind: 'private' })]
  await mallory.makeRoom()
  await bob.join(tea)
  await alice.add(quiet, bob)
  for (const text of ['one', 'two', 'three']) await alice.send(tea, text)
  await bob.put(`/rooms/${tea.id}/read`, { seq: 3 })

  const socket = await bob.at(two).connect()
  const session = (await bob.get('/auth/user')).body
  t.equal(socket.received[0]?.event, 'session:ready')
  t.same(socket.ready.user, session.user)
  t.same(socket.ready.session, session.session, 'scenario 1: the same session as REST')
  t.equal(socket.ready.session.current, true)
  t.equal(socket.ready.node, 'n2')
  t.equal(socket.ready.hasMore, false)
  const states = (await bob.get('/rooms')).body.rooms.map(({ id, ...state }) => state)
  t.same(socket.ready.rooms.toSorted((a, b) => a.room.id.localeCompare(b.room.id)), states.toSorted((a, b) => a.room.id.localeCompare(b.room.id)))
  t.match(socket.ready.rooms.find(({ room }) => room.id === tea.id), { lastSeq: 5, readSeq: 3, unread: 2 })
  t.match(socket.ready.rooms.find(({ room }) => room.id === quiet.id), { lastSeq: 2, unread: 0 })
  t.same(complaintsAbout(socket), [])
})

t.test('somebody with more than 500 rooms is told of 500, that there are more, and what happens in all of them', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const alice = await person(one, 'alice')
  const ids = Array.from({ length: 502 }, () => randomUUID())
  await one.app.database.sql`
    with made as (insert into rooms (id, kind, name, last_seq, member_count) select unnest(${ids}::uuid[]), 'private', 'many', 0, 1 returning id)
    insert into members (room_id, user_id, role) select id, ${alice.id}, 'owner' from made`
  const socket = await alice.at(two).connect()
  t.equal(socket.ready.rooms.length, 500)
  t.equal(socket.ready.hasMore, true)
  const told = new Set(socket.ready.rooms.map(({ room }) => room.id))
  for (const id of ids.filter((id) => !told.has(id))) {
    await alice.post(`/rooms/${id}/messages`, { id: randomUUID(), text: 'here too' })
    await socket.caughtUp(id, 1)
  }
})
