import { startNodes } from '../helpers/node.ts'
import { t } from '../suite.ts'
import { seqs, signedIn, upTo, Watcher } from './helpers.ts'

t.test('alice on node 1 and bob on node 2 see each message once and in order', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const alice = await signedIn(t, one.url, 'alice')
  const bob = await signedIn(t, two.url, 'bob')
  const [seenByAlice, seenByBob] = [new Watcher(alice), new Watcher(bob)]
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'public' })
  const same = await bob.rooms.join(room.id)
  t.equal(bob.rooms.get(room.id), same)
  const sent = await Promise.all(Array.from({ length: 50 }, (_, index) => [room.send(`alice ${index}`), same.send(`bob ${index}`)]).flat())
  for (const watcher of [seenByAlice, seenByBob]) {
    const log = await watcher.caughtUp(room.id, 102)
    t.same(seqs(log), upTo(102))
    for (const { seq, text } of sent) t.match(log[seq - 1], { seq, data: { text } })
    for (const name of ['alice', 'bob']) {
      t.same(watcher.texts(room.id).filter((text) => text?.startsWith(name)), upTo(50).map((number) => `${name} ${number - 1}`))
    }
  }
  t.same(room.pending, [])
})

t.test('where only polling gets through, everything works as well', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const alice = await signedIn(t, one.url, 'alice', { transports: ['polling'] })
  const bob = await signedIn(t, two.url, 'bob', { transports: ['polling', 'websocket'] })
  const seen = new Watcher(bob)
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'public' })
  t.match([room.isJoined, room.details], [true, { name: 'Kitchen' }])
  await bob.rooms.join(room.id)
  await Promise.all(upTo(50).map((number) => room.send(`message ${number} ${'x'.repeat(3000)}`)))
  t.same(seqs(await seen.caughtUp(room.id, 52)), upTo(52))
})

t.test('what a page compares stays the same object until it changes', async (t) => {
  const [one] = await startNodes(t, 1)
  const alice = await signedIn(t, one.url, 'alice')
  const seen = new Watcher(alice)
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'public' })
  await seen.caughtUp(room.id, 1)
  t.equal(room.pending, room.pending)
  t.equal(alice.rooms.joined, alice.rooms.joined)
  t.equal(room.typing, room.typing)
  const before = room.pending
  const sent = room.send('hello')
  t.not(room.pending, before)
  t.equal(room.pending, room.pending)
  await sent
})
