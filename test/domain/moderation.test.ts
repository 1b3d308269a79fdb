import { randomUUID } from 'node:crypto'
import { untilLifted } from '../../contract/index.ts'
import { Log } from '../../domain/log.ts'
import { createMembers } from '../../domain/members.ts'
import { createModeration } from '../../domain/moderation.ts'
import { createNotices } from '../../domain/notices.ts'
import { createStores, type Ending } from '../helpers/stores.ts'
import { t } from '../suite.ts'
import { createWorld, holdRoom, untilSomebodyWaits } from './world.ts'

/** Alice's room with two nodes: one to moderate on, and another to be too late on. */
async function createRace (t: Ending) {
  const stores = await createStores(t)
  const [one, two] = [await createWorld(t, stores), await createWorld(t, stores)]
  const [alice, bob] = [await one.user('alice'), await one.user('bob')]
  const room = await one.rooms.make(alice, { name: 'Tea', kind: 'public' })

  /** Both have looked before either may append; the first one comes first. */
  async function race (first: () => Promise<unknown>, second: () => Promise<unknown>) {
    const holding = await holdRoom(one, room.id)
    const firstDone = Promise.allSettled([first()])
    await untilSomebodyWaits(one.sql, 1)
    const secondDone = Promise.allSettled([second()])
    await untilSomebodyWaits(one.sql, 2)
    await holding.letGo()
    return [...await firstDone, ...await secondDone]
  }

  return { one, two, alice, bob, roomId: room.id, race, readLog: async () => (await one.history.page(alice, room.id, { after: 0, limit: 100 })).events }
}

const fulfilled = { status: 'fulfilled' }
const muted = { status: 'rejected', reason: { code: 'request.forbidden', message: /muted/ } }

t.test('a join that waits for the room does not slip past a ban that was first', async (t) => {
  const { one, two, alice, bob, roomId, race, readLog } = await createRace(t)
  t.match(await race(
    () => one.moderation.ban(alice, roomId, bob.userId),
    () => two.members.put(bob, roomId, bob.userId)
  ), [fulfilled, { status: 'rejected', reason: { code: 'request.forbidden', message: 'You are banned from this room.' } }])
  t.same((await readLog()).map(({ type }) => type), ['member.joined'])
})

t.test('neither does an adding', async (t) => {
  const { one, two, alice, bob, roomId, race } = await createRace(t)
  const carol = await one.user('carol')
  await one.members.put(alice, roomId, carol.userId, 'admin')
  t.match(await race(
    () => one.moderation.ban(alice, roomId, bob.userId),
    () => two.members.put(carol, roomId, bob.userId)
  ), [fulfilled, { status: 'rejected', reason: { code: 'request.forbidden', message: /lift the ban/ } }])
})

t.test('a ban of somebody who comes in meanwhile removes them', async (t) => {
  const { one, two, alice, bob, roomId, race, readLog } = await createRace(t)
  // Whoever is out again before they were told that they are in may be told so.
  const [, ban] = await race(() => two.members.put(bob, roomId, bob.userId), () => one.moderation.ban(alice, roomId, bob.userId))
  t.match(ban, fulfilled)
  t.same((await readLog()).map(({ type }) => type), ['member.joined', 'member.joined', 'member.left'])
})

t.test('two bans at once, and a ban while they leave: one leaving, and the ban stands', async (t) => {
  const { one, two, alice, bob, roomId, race, readLog } = await createRace(t)
  for (const other of [() => two.moderation.ban(alice, roomId, bob.userId), () => two.members.remove(bob, roomId, bob.userId)]) {
    await one.members.put(alice, roomId, bob.userId)
    const [ban] = await race(() => one.moderation.ban(alice, roomId, bob.userId), other)
    t.match(ban, fulfilled)
    t.equal((await one.moderation.listBans(alice, roomId, { limit: 10 })).bans.length, 1)
    await one.moderation.liftBan(alice, roomId, bob.userId)
  }
  t.equal((await readLog()).filter(({ type }) => type === 'member.left').length, 2)
})

t.test('whoever loses the right while they wait bans and mutes nobody', async (t) => {
  const { one, two, alice, bob, roomId, race, readLog } = await createRace(t)
  const adam = await one.user('adam')
  await one.members.put(alice, roomId, bob.userId)
  for (const deed of [two.moderation.ban, two.moderation.mute]) {
    await one.members.put(alice, roomId, adam.userId, 'admin')
    t.match(await race(() => one.members.put(alice, roomId, adam.userId, 'member'), () => deed(adam, roomId, bob.userId)), [
      fulfilled, { status: 'rejected', reason: { code: 'request.forbidden' } }
    ])
  }
  t.notOk((await readLog()).some(({ type, data }) => type === 'member.left' || ('mutedUntil' in data && data.mutedUntil !== null)))
})

t.test('a send that waits for the room is not from before a mute that was first', async (t) => {
  const { one, two, alice, bob, roomId, race, readLog } = await createRace(t)
  await one.members.put(alice, roomId, bob.userId)
  t.match(await race(
    () => one.moderation.mute(alice, roomId, bob.userId),
    () => two.messages.send(bob, { roomId, id: randomUUID(), text: 'may I?' })
  ), [fulfilled, muted])
  t.same((await readLog()).map(({ type }) => type), ['member.joined', 'member.joined', 'member.changed'])
})

t.test('neither is an edit or a reaction; taking one\'s own back is', async (t) => {
  const { one, two, alice, bob, roomId, race } = await createRace(t)
  await one.members.put(alice, roomId, bob.userId)
  const say = async (text: string) => (await one.messages.send(bob, { roomId, id: randomUUID(), text })).message.seq
  const [kept, gone] = [await say('kept'), await say('gone')]
  await one.messages.addReaction(bob, { roomId, id: randomUUID(), seq: kept, emoji: '👍' })
  const command = () => ({ roomId, id: randomUUID(), seq: kept })
  const mute = () => one.moderation.mute(alice, roomId, bob.userId)
  const tries: Array<[expected: object, late: () => Promise<unknown>]> = [
    [muted, () => two.messages.edit(bob, { ...command(), text: 'changed' })],
    [muted, () => two.messages.addReaction(bob, { ...command(), emoji: '🎉' })],
    [fulfilled, () => two.messages.removeReaction(bob, { ...command(), emoji: '👍' })],
    [fulfilled, () => two.messages.delete(bob, { ...command(), seq: gone })]
  ]
  for (const [expected, late] of tries) {
    t.match(await race(mute, late), [fulfilled, expected])
    await one.moderation.liftMute(alice, roomId, bob.userId)
  }
  t.match(await one.messages.readMessage(alice, roomId, kept), { text: 'kept', reactions: [] })
  t.match(await one.messages.readMessage(alice, roomId, gone), { text: null })
})

t.test('a mute is one of its batch: the neighbours pass, and what was sent before it is answered again', async (t) => {
  const { one, alice, bob, roomId } = await createRace(t)
  await one.members.put(alice, roomId, bob.userId)
  const before = { roomId, id: randomUUID(), text: 'before' }
  await one.messages.send(bob, before)
  await one.moderation.mute(alice, roomId, bob.userId)
  const results = await Promise.allSettled([
    one.messages.send(alice, { roomId, id: randomUUID(), text: 'hello' }),
    one.messages.send(bob, { roomId, id: randomUUID(), text: 'me too' }),
    one.messages.send(bob, before),
    one.messages.send(alice, { roomId, id: randomUUID(), text: 'is anybody there?' })
  ])
  t.match(results, [{ value: { message: { seq: 5 } } }, muted, { value: { message: { seq: 3, text: 'before' }, isRepeat: true } }, { value: { message: { seq: 6 } } }])
})

t.test('a join that was decided before somebody came, and was banned or left muted, is decided anew', async (t) => {
  const { one, two, alice, bob, roomId, readLog } = await createRace(t)
  const joinDuring = async (work: (verbs: Verbs) => Promise<unknown>) => {
    const holding = await holdRoom(one, roomId, async (sql) => {
      const verbs = createVerbs(sql)
      await verbs.members.put(bob, roomId, bob.userId)
      await work(verbs)
    })
    const joining = Promise.allSettled([two.members.put(bob, roomId, bob.userId)])
    await untilSomebodyWaits(one.sql)
    await holding.letGo()
    return await joining
  }

  t.match(await joinDuring(({ moderation }) => moderation.ban(alice, roomId, bob.userId)), [
    { status: 'rejected', reason: { code: 'request.forbidden', message: 'You are banned from this room.' } }
  ])
  await one.moderation.liftBan(alice, roomId, bob.userId)

  t.match(await joinDuring(async ({ members, moderation }) => {
    await moderation.mute(alice, roomId, bob.userId)
    await members.remove(bob, roomId, bob.userId)
  }), [{ status: 'fulfilled', value: { mutedUntil: untilLifted } }])
  t.same((await readLog()).at(-1)?.data, { userId: bob.userId, role: 'member', mutedUntil: untilLifted })
  t.same([...await one.sql`select from kept_mutes`], [], 'kept in one place')
})

type Verbs = ReturnType<typeof createVerbs>

/** The verbs inside a transaction: nobody sees what they do before it ends. */
function createVerbs (sql: Parameters<typeof createModeration>[0]['sql']) {
  const log = new Log({ sql, plannedOnce: sql })
  return { members: createMembers({ sql, plannedOnce: sql, log, notices: createNotices() }), moderation: createModeration({ sql, log }) }
}
