import { startNodeProcess } from '../helpers/node-process.ts'
import { startNodes } from '../helpers/node.ts'
import { t } from '../suite.ts'
import { seqs, signedIn, signIn, openClient, upTo, Watcher } from './helpers.ts'
import { Line } from './line.ts'

const texts = (count: number): string[] => upTo(count).map((number) => `message ${number}`)

t.test('the line breaks in the middle of 100 sends: each is there once, in order', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const line = await Line.open(t, one)
  const alice = await signedIn(t, line.url, 'alice')
  const bob = await signedIn(t, two.url, 'bob')
  const [seenByAlice, seenByBob] = [new Watcher(alice), new Watcher(bob)]
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'public' })
  await bob.rooms.join(room.id)
  await seenByAlice.caughtUp(room.id, 2)

  const sends = texts(100).map((text) => room.send(text))
  // Some have come back, the others are on their way.
  await sends[10]
  line.cut()
  t.equal((await seenByAlice.next('state', (state) => state === 'offline')), 'offline')
  t.ok(room.pending.some(({ state }) => state === 'pending'), 'what has no answer waits')
  line.lead(two)
  const sent = await Promise.all(sends)
  t.same(sent.map(({ seq }) => seq), upTo(100).map((number) => number + 2))
  for (const watcher of [seenByAlice, seenByBob]) {
    t.same(seqs(await watcher.caughtUp(room.id, 102)), upTo(102))
    t.same(watcher.texts(room.id), texts(100))
  }
  t.equal(alice.node, 'n2')
  t.same(room.pending, [])
})

t.test('a node is killed with sends on their way: each is there once, in order', async (t) => {
  const one = await startNodeProcess(t, { NODE_NAME: 'n1' })
  const two = await startNodeProcess(t, { NODE_NAME: 'n2', stores: one.stores })
  const line = await Line.open(t, one)
  const alice = await signedIn(t, line.url, 'alice')
  const seen = new Watcher(alice)
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'public' })
  const sends = texts(100).map((text) => room.send(text))
  await sends[5]
  line.lead(two)
  await one.kill()
  await Promise.all(sends)
  t.same(seqs(await seen.caughtUp(room.id, 101)), upTo(101))
  t.same(seen.texts(room.id), texts(100))
  t.equal(alice.node, 'n2')
})

t.test('a gap of more than a page is caught up on another node, while messages go on coming', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const line = await Line.open(t, one)
  const alice = await signedIn(t, one.url, 'alice')
  const bob = await signedIn(t, line.url, 'bob')
  const seen = new Watcher(bob)
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'public' })
  const other = await alice.rooms.make({ name: 'Cellar', kind: 'public' })
  await bob.rooms.join(room.id)
  await bob.rooms.join(other.id)
  await seen.caughtUp(room.id, 2)

  line.cut()
  await Promise.all([...texts(1200).map((text) => room.send(text)), ...texts(30).map((text) => other.send(text))])
  line.lead(two)
  const later = texts(100).map((text) => room.send(text))
  t.same(seqs(await seen.caughtUp(room.id, 1302)), upTo(1302))
  t.same(seqs(await seen.caughtUp(other.id, 32)), upTo(32))
  await Promise.all(later)
  t.equal(bob.rooms.get(room.id).unread, 1300)
})

t.test('what is unsent survives a reload, and goes out in order before what comes after', async (t) => {
  const [one] = await startNodes(t, 1)
  const line = await Line.open(t, one)
  const stored = new Map<string, string>()
  const storage = { get: (key: string) => stored.get(key), set: (key: string, value: string) => { stored.set(key, value) } }
  const alice = await signedIn(t, line.url, 'alice', { storage })
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'public' })
  const before = new Watcher(alice)
  await room.send('message 1')
  await before.caughtUp(room.id, 2)
  line.cut()
  await before.next('state', (state) => state === 'offline')
  const unsent = [room.send('message 2'), room.send('message 3')]
  t.same(room.pending.map(({ state, payload }) => [state, 'text' in payload && payload.text]), [['pending', 'message 2'], ['pending', 'message 3']])
  alice.close()
  for (const promise of unsent) await t.rejects(promise, { code: 'client.closed' })

  line.lead(one)
  const reloaded = openClient(t, line.url, { storage })
  const seen = new Watcher(reloaded)
  await signIn(reloaded, 'alice')
  await reloaded.rooms.get(room.id).send('message 4')
  await seen.caughtUp(room.id, 5)
  t.same(seen.texts(room.id), texts(4))
  t.same([...stored.values()], ['[]'])
})

t.test('a node that drains hands its clients over: nothing is lost, and the reconnect is quick', async (t) => {
  const one = await startNodeProcess(t, { NODE_NAME: 'n1', DRAIN_SECONDS: 1 })
  const two = await startNodeProcess(t, { NODE_NAME: 'n2', stores: one.stores })
  const line = await Line.open(t, one)
  const alice = await signedIn(t, line.url, 'alice')
  const seen = new Watcher(alice)
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'public' })
  line.lead(two)
  const ended = one.kill('SIGTERM')
  const { reconnectAfterMs } = await seen.next('draining')
  t.ok(reconnectAfterMs <= 1000)
  const sends = texts(20).map((text) => room.send(text))
  await Promise.all(sends)
  await seen.next('state', (state) => state === 'online')
  await alice.ready()
  t.equal(alice.node, 'n2')
  t.same(seqs(await seen.caughtUp(room.id, 21)), upTo(21))
  await ended
})
