import { randomUUID } from 'node:crypto'
import { createStores, type Ending } from '../helpers/stores.ts'
import { t } from '../suite.ts'
import { createWorld, holdRoom, untilSomebodyWaits } from './world.ts'

/** Alice archives a room on one node while bob, on another, has looked already and waits for the room. */
async function createRace (t: Ending) {
  const stores = await createStores(t)
  const [one, two] = [await createWorld(t, stores), await createWorld(t, stores)]
  const [alice, bob, carol] = [await one.user('alice'), await one.user('bob'), await one.user('carol')]
  const { id: roomId } = await one.rooms.make(alice, { name: 'Tea', kind: 'public' })
  await one.members.put(alice, roomId, bob.userId, 'admin')
  const { message } = await one.messages.send(bob, { roomId, id: randomUUID(), text: 'hello @alice' })

  async function race (deed: () => Promise<unknown>) {
    const holding = await holdRoom(one, roomId)
    const archived = one.rooms.change(alice, roomId, { archived: true })
    await untilSomebodyWaits(one.sql, 1)
    const late = Promise.allSettled([deed()])
    await untilSomebodyWaits(one.sql, 2)
    await holding.letGo()
    await archived
    return (await late)[0]
  }
  const about = () => ({ roomId, id: randomUUID(), seq: message.seq })
  return { two, alice, bob, carol, roomId, about, race, lastType: async () => (await one.history.page(alice, roomId, { after: 0, limit: 100 })).events.at(-1)?.type }
}

type Race = Awaited<ReturnType<typeof createRace>>

const deeds: Record<string, (race: Race) => Promise<unknown>> = {
  'a message': ({ two, bob, roomId }) => two.messages.send(bob, { roomId, id: randomUUID(), text: 'late' }),
  'a mention': ({ two, bob, roomId }) => two.messages.send(bob, { roomId, id: randomUUID(), text: 'late, @alice' }),
  'an edit': ({ two, bob, about }) => two.messages.edit(bob, { ...about(), text: 'late' }),
  'a deletion': ({ two, bob, about }) => two.messages.delete(bob, about()),
  'a reaction': ({ two, bob, about }) => two.messages.addReaction(bob, { ...about(), emoji: '👍' }),
  'a join': ({ two, carol, roomId }) => two.members.put(carol, roomId, carol.userId),
  'a role': ({ two, bob, alice, roomId }) => two.members.put(alice, roomId, bob.userId, 'member'),
  'a name': ({ two, bob, roomId }) => two.rooms.change(bob, roomId, { name: 'Late' }),
  'a ban': ({ two, alice, bob, roomId }) => two.moderation.ban(alice, roomId, bob.userId),
  'a ban of somebody outside': ({ two, alice, carol, roomId }) => two.moderation.ban(alice, roomId, carol.userId)
}

for (const [name, deed] of Object.entries(deeds)) {
  t.test(`${name} that waits for the room does not slip past its archiving`, async (t) => {
    const race = await createRace(t)
    t.match(await race.race(() => deed(race)), { status: 'rejected', reason: { code: 'room.archived' } })
    t.equal(await race.lastType(), 'room.changed')
  })
}
