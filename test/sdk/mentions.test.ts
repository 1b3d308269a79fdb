import { startNodes } from '../helpers/node.ts'
import { t } from '../suite.ts'
import { aliceAndBobTwice, signedIn, Watcher } from './helpers.ts'

t.test('unread mentions are counted live, on all devices and nodes, and set down by reading', async (t) => {
  const [one, two, three] = await startNodes(t, 3)
  const { line, phone, laptop, room, here, there, seenHere, seenThere } = await aliceAndBobTwice(t, [one, two, three])
  const counts = async (seq: number) => {
    await seenHere.caughtUp(room.id, seq)
    await seenThere.caughtUp(room.id, seq)
    return [here.unread, here.unreadMentions, there.unreadMentions]
  }
  await room.send('nobody')
  const first = await room.send('@bob')
  t.same(first.mentions, [phone.id])
  const second = await room.send('again @bob')
  t.same(await counts(second.seq), [3, 2, 2])
  t.same(await counts((await room.edit(first.seq, 'not any more')).seq), [3, 1, 1])
  t.same(await counts((await room.edit(first.seq, 'still @bob')).seq), [3, 2, 2])
  t.same(await counts((await room.delete(second.seq)).seq), [3, 1, 1])

  line.cut()
  await seenHere.next('state', (state) => state === 'offline')
  const third = await room.send('@bob, where are you?')
  line.lead(one)
  await phone.ready()
  t.same(await counts(third.seq), [4, 2, 2], 'what the server has counted')
  const fourth = await room.send('@bob!')
  t.same(await counts(fourth.seq), [5, 3, 3])
  here.markRead(third.seq)
  t.same([here.unread, here.unreadMentions], [1, 1])
  await seenThere.next('rooms', () => there.readSeq === third.seq)
  t.equal(there.unreadMentions, 1)
  const answer = await there.send('here')
  await seenHere.caughtUp(room.id, answer.seq)
  t.same([here.unreadMentions, there.unreadMentions], [0, 0], 'who answers has read it')
  t.match((await laptop.rooms.list()).rooms, [{ unreadMentions: 0 }])
})

t.test('messages are searched in a room and in all of them', async (t) => {
  const [one] = await startNodes(t, 1)
  const alice = await signedIn(t, one.url, 'alice')
  const [kitchen, cellar] = [await alice.rooms.make({ name: 'Kitchen', kind: 'public' }), await alice.rooms.make({ name: 'Cellar', kind: 'private' })]
  const [first, second, third] = [await kitchen.send('red wine'), await cellar.send('white wine'), await cellar.send('red windows')]
  t.same(await cellar.search('win'), { results: [third, second].map((message) => ({ message, roomId: cellar.id })), cursor: null })
  const page = await alice.search('red', { limit: 1 })
  t.same(page.results, [{ message: third, roomId: cellar.id }])
  t.same((await alice.search('red', { limit: 1, cursor: page.cursor ?? '' })).results, [{ message: first, roomId: kitchen.id }])
})

t.test('a room is archived and opened again, and its details follow', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const alice = await signedIn(t, one.url, 'alice')
  const bob = await signedIn(t, two.url, 'bob')
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'public' })
  const his = await bob.rooms.join(room.id)
  const seen = new Watcher(bob)
  const { archivedAt } = await room.archive()
  await seen.next('rooms', () => his.details?.archivedAt === archivedAt)
  t.type(archivedAt, 'string')
  await t.rejects(his.send('anybody?'), { code: 'room.archived' })
  t.match(await room.unarchive(), { archivedAt: null })
  await seen.next('rooms', () => his.details?.archivedAt === null)
  for (const { id } of his.pending) his.discard(id)
  t.match(await his.send('hello'), { text: 'hello' })
})
