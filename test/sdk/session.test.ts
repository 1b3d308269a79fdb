import { CookieJar, createParley } from '../../sdk/index.ts'
import { startNodes } from '../helpers/node.ts'
import { t } from '../suite.ts'
import { openClient, signedIn, signIn, Watcher } from './helpers.ts'
import { Line } from './line.ts'

t.test('there is no socket before somebody has signed in, and none after they have signed out', async (t) => {
  const [one] = await startNodes(t, 1)
  let handshakes = 0
  one.app.realtime.io.engine.on('connection', () => { handshakes++ })
  const alice = openClient(t, one.url)
  const seen = new Watcher(alice)
  t.equal(await alice.currentUser(), undefined)
  await alice.register({ username: 'alice', password: 'correct horse' })
  await t.rejects(alice.signIn({ username: 'alice', password: 'wrong horse' }), { code: 'session.invalid_credentials', status: 401, retryable: false })
  await t.rejects(alice.ready(), { code: 'client.signed_out' })
  await t.rejects(alice.rooms.get(crypto.randomUUID()).send('hello'), { code: 'client.signed_out' })
  t.same([alice.state, handshakes], ['signed-out', 0])

  await signIn(alice, 'alice')
  t.same([alice.state, handshakes, alice.user?.username, alice.node], ['online', 1, 'alice', 'n1'])
  t.equal(alice.session?.id, (await alice.call('getUser')).session.id, 'the socket has the session of REST')
  await alice.signOut()
  t.same(await seen.next('signedOut'), { reason: 'logout' })
  t.same([alice.state, alice.user, await alice.currentUser()], ['signed-out', undefined, undefined])
  t.same(seen.states(), ['connecting', 'online', 'signed-out'])
  t.equal(handshakes, 1)
})

t.test('signed out elsewhere: the client stops, says why, and does not come back', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const jar = new CookieJar()
  const alice = await signedIn(t, one.url, 'alice', { jar })
  const seen = new Watcher(alice)
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'public' })
  await createParley({ url: two.url, jar }).call('logout')
  t.same(await seen.next('signedOut'), { reason: 'logout' })
  t.equal(alice.state, 'signed-out')
  await t.rejects(room.send('anybody?'), { code: 'client.signed_out' })

  await signIn(alice, 'alice')
  await room.send('back again')
  t.same((await seen.caughtUp(room.id, 2)).map(({ seq }) => seq), [1, 2], 'the log goes on where it was')
})

t.test('a session that ended while the line was broken is found out by the handshake', async (t) => {
  const [one] = await startNodes(t, 1)
  const line = await Line.open(t, one)
  const jar = new CookieJar()
  const alice = await signedIn(t, line.url, 'alice', { jar })
  const seen = new Watcher(alice)
  line.cut()
  await seen.next('state', (state) => state === 'offline')
  await createParley({ url: one.url, jar }).call('logout')
  jar.clear()
  line.lead(one)
  t.same(await seen.next('signedOut'), { reason: undefined })
  t.same(seen.states(), ['offline', 'signed-out'])
})

t.test('what was unsent waits for the same person, and is not sent in another name', async (t) => {
  const [one] = await startNodes(t, 1)
  const line = await Line.open(t, one)
  const jar = new CookieJar()
  const alice = await signedIn(t, line.url, 'alice', { jar })
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'public' })
  const seen = new Watcher(alice)
  line.cut()
  await seen.next('state', (state) => state === 'offline')
  const unsent = room.send('from alice')
  await createParley({ url: one.url, jar }).call('logout')
  line.lead(one)
  await seen.next('signedOut')

  await alice.register({ username: 'bob', password: 'correct horse' })
  await signIn(alice, 'bob')
  t.same(alice.rooms.joined, [], 'the rooms of one are not those of another')
  const cellar = await alice.rooms.make({ name: 'Cellar', kind: 'public' })
  await cellar.send('from bob')
  await signIn(alice, 'alice')
  t.match(await unsent, { text: 'from alice', authorId: alice.user?.id, seq: 2 })
})
