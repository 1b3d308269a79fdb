import t from 'tap'
import { startNodes } from '../helpers/node.ts'
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
