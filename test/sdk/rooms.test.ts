import { startNodes } from '../helpers/node.ts'
import { t } from '../suite.ts'
import { seqs, signedIn, upTo, Watcher } from './helpers.ts'
import { Line } from './line.ts'

t.test('a room is one object for as long as one comes and goes; its log goes on after a return', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const alice = await signedIn(t, one.url, 'alice')
  const bob = await signedIn(t, two.url, 'bob')
  const seen = new Watcher(bob)
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'public', topic: 'food' })
  const his = await bob.rooms.join(room.id)
  await room.send('first')
  await seen.caughtUp(room.id, 3)
  await his.leave()
  t.same([his.isJoined, bob.rooms.joined], [false, []])
  await room.send('second')
  await t.rejects(his.send('from outside'), { code: 'request.forbidden' })
  t.match(his.pending, [{ state: 'failed', error: { code: 'request.forbidden' } }])
  his.discard(his.pending[0]?.id ?? '')
  t.same(his.pending, [])
  t.equal(await bob.rooms.join(room.id), his)
  await room.send('third')
  t.same(seqs(await seen.caughtUp(room.id, 7)), upTo(7))
  t.match(his.details, { name: 'Kitchen', topic: 'food', memberCount: 2 })
})

t.test('somebody is added, removed while away, and added again: all of it is told', async (t) => {
  const [one] = await startNodes(t, 1)
  const line = await Line.open(t, one)
  const alice = await signedIn(t, one.url, 'alice')
  const bob = await signedIn(t, line.url, 'bob')
  const seen = new Watcher(bob)
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'private' })
  const add = () => alice.call('putMember', { params: { roomId: room.id, userId: bob.id } })
  await add()
  await seen.caughtUp(room.id, 2)
  t.same(bob.rooms.joined.map(({ id }) => id), [room.id])
  line.cut()
  await seen.next('state', (state) => state === 'offline')
  await alice.call('removeMember', { params: { roomId: room.id, userId: bob.id } })
  line.lead(one)
  await seen.next('state', (state) => state === 'online')
  t.same([bob.rooms.joined, bob.rooms.get(room.id).isJoined], [[], false])
  await add()
  t.same(seqs(await seen.caughtUp(room.id, 4)), upTo(4))
})

t.test('direct rooms, the directory, and a rename', async (t) => {
  const [one] = await startNodes(t, 1)
  const alice = await signedIn(t, one.url, 'alice')
  const bob = await signedIn(t, one.url, 'bob')
  const direct = await alice.rooms.openDirect(bob.id)
  const seen = new Watcher(bob)
  await direct.send('psst')
  await seen.caughtUp(direct.id, 3)
  t.equal((await bob.rooms.openDirect(alice.id)).id, direct.id)
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'public' })
  t.match(await bob.rooms.findPublic({ query: 'kit' }), { rooms: [{ id: room.id }], nextCursor: null })
  const his = await bob.rooms.join(room.id)
  await alice.call('changeRoom', { params: { roomId: room.id }, body: { name: 'Pantry' } })
  await seen.caughtUp(room.id, 3)
  t.equal(his.details?.name, 'Pantry')
})

t.test('of 520 rooms each is known, live, and whole after a reconnect', async (t) => {
  const [one] = await startNodes(t, 1)
  const line = await Line.open(t, one)
  const alice = await signedIn(t, one.url, 'alice')
  const bob = await signedIn(t, line.url, 'bob')
  const seen = new Watcher(bob)
  const make = async (name: string): Promise<string> => {
    const { id } = await alice.rooms.make({ name, kind: 'private' })
    await alice.call('putMember', { params: { roomId: id, userId: bob.id } })
    return id
  }
  const roomIds: string[] = []
  // Not all at once: a busy node would send some of them away for a while.
  while (roomIds.length < 520) roomIds.push(...await Promise.all(upTo(40).map((number) => make(`Room ${roomIds.length + number}`))))
  const lastSeqs = async (seq: number) => {
    const logs = await Promise.all(roomIds.map((roomId) => seen.caughtUp(roomId, seq, 20_000)))
    return new Set(logs.map((log) => seqs(log).join()))
  }
  t.same(await lastSeqs(2), new Set(['1,2']))
  line.cut()
  await seen.next('state', (state) => state === 'offline')
  await Promise.all(roomIds.map((roomId) => alice.rooms.get(roomId).send('while away')))
  line.lead(one)
  t.same(await lastSeqs(3), new Set(['1,2,3']))
  await Promise.all(roomIds.map((roomId) => bob.rooms.get(roomId).send('here')))
  t.same(await lastSeqs(4), new Set(['1,2,3,4']))

  const carol = await signedIn(t, one.url, 'carol', { startAt: 'now' })
  await carol.signIn({ username: 'bob', password: 'correct horse' })
  const known = new Watcher(carol)
  await carol.ready()
  while (carol.rooms.joined.length < 520) await known.next('rooms')
  t.ok(carol.rooms.joined.every(({ details, seq }) => details && seq === 4), 'session:ready and the list name them all')
})
