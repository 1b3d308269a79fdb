import { randomUUID } from 'node:crypto'
import type { Sql } from '../../db/client.ts'
import { isUniqueViolation } from '../../db/failures.ts'
import { appendMessages } from '../../db/queries/append-messages.ts'
import { appendOptimistically, isDoubt } from '../../db/queries/append-optimistically.ts'
import type { NewMessage } from '../../db/queries/new-message.ts'
import { createWorld, holdRoom, untilSomebodyWaits } from '../domain/world.ts'
import type { Ending } from '../helpers/stores.ts'
import { t } from '../suite.ts'

type Row = Record<string, unknown>

/** Two rooms of two people, and a stranger. */
async function createHouse (t: Ending) {
  const world = await createWorld(t)
  const [alice, bob, eve] = [await world.user('alice'), await world.user('bob'), await world.user('eve')]
  const [tea, coffee] = [await world.rooms.make(alice, { name: 'Tea', kind: 'public' }), await world.rooms.make(alice, { name: 'Coffee', kind: 'public' })]
  for (const { id } of [tea, coffee]) await world.members.put(bob, id, bob.userId)
  const says = (roomId: string, actorId: string, text: string, more: Partial<NewMessage> = {}): NewMessage => ({ roomId, id: randomUUID(), actorId, text, ...more })
  /** All that an append changes. */
  const look = async () => ({
    rooms: await world.sql<Row[]>`select id, last_seq, message_count from rooms order by id`,
    members: await world.sql<Row[]>`select room_id, user_id, read_seq, read_messages from members order by room_id, user_id`,
    events: await world.sql<Row[]>`select room_id, seq, message_number, type, actor_id, text, reply_to, data from room_events order by room_id, seq`,
    mentions: await world.sql<Row[]>`select * from mentions order by user_id, room_id, seq`
  })
  return { ...world, alice, bob, eve, tea, coffee, says, look }
}

for (const [way, append] of Object.entries({ appendOptimistically, appendMessages })) {
  t.test(`${way}: a batch of several people and rooms stands in their logs, in its order`, async (t) => {
    const { sql, plannedOnce, alice, bob, tea, coffee, says, look } = await createHouse(t)
    await append(plannedOnce, [says(tea.id, alice.userId, 'before')])
    const batch = [
      says(tea.id, bob.userId, 'one "quoted" \\ {here}, null'),
      says(coffee.id, alice.userId, 'two'),
      says(tea.id, alice.userId, 'three', { replyTo: 3 }),
      says(tea.id, bob.userId, 'four', { data: { mentions: [alice.userId] } }),
      says(coffee.id, alice.userId, 'NULL')
    ]
    const placed = await append(plannedOnce, batch)
    t.same(placed.map(({ seq }) => seq), [4, 3, 5, 6, 4])
    const epochs = new Map((await sql<Array<{ id: string, epoch: string }>>`select id, epoch from rooms`).map(({ id, epoch }) => [id, epoch]))
    t.match(placed, batch.map(({ roomId }) => ({ epoch: epochs.get(roomId), atMs: Number })))
    t.ok(Math.abs((placed[0] as { atMs: number }).atMs - Date.now()) < 60_000)
    const { events, rooms, members, mentions } = await look()
    t.same(events.filter(({ room_id: id, seq }) => id === tea.id && Number(seq) > 2), [
      { room_id: tea.id, seq: 3, message_number: 1, type: 'message.sent', actor_id: alice.userId, text: 'before', reply_to: null, data: null },
      { room_id: tea.id, seq: 4, message_number: 2, type: 'message.sent', actor_id: bob.userId, text: 'one "quoted" \\ {here}, null', reply_to: null, data: null },
      { room_id: tea.id, seq: 5, message_number: 3, type: 'message.sent', actor_id: alice.userId, text: 'three', reply_to: 3, data: null },
      { room_id: tea.id, seq: 6, message_number: 4, type: 'message.sent', actor_id: bob.userId, text: 'four', reply_to: null, data: { mentions: [alice.userId] } }
    ])
    t.same(events.filter(({ room_id: id, seq }) => id === coffee.id && Number(seq) > 2).map(({ text }) => text), ['two', 'NULL'])
    t.match(rooms.find(({ id }) => id === tea.id), { last_seq: 6, message_count: 4 })
    t.match(rooms.find(({ id }) => id === coffee.id), { last_seq: 4, message_count: 2 })
    const readBy = (roomId: string, userId: string) => members.find((member) => member.room_id === roomId && member.user_id === userId)
    t.match(readBy(tea.id, alice.userId), { read_seq: 5, read_messages: 3 })
    t.match(readBy(tea.id, bob.userId), { read_seq: 6, read_messages: 4 })
    t.match(readBy(coffee.id, alice.userId), { read_seq: 4, read_messages: 2 })
    t.match(readBy(coffee.id, bob.userId), { read_seq: 2, read_messages: 0 }, 'who said nothing has read no more')
    t.same(mentions, [{ user_id: alice.userId, room_id: tea.id, seq: 6 }])
  })

  const changes: Record<string, (sql: Sql, roomId: string, message: NewMessage) => PromiseLike<unknown>> = {
    'a mute': (sql, roomId, { actorId }) => sql`update members set muted_until = now() + interval '1 hour' where room_id = ${roomId} and user_id = ${actorId}`,
    'a removal': (sql, roomId, { actorId }) => sql`delete from members where room_id = ${roomId} and user_id = ${actorId}`,
    'an archiving': (sql, roomId) => sql`update rooms set archived_at = now() where id = ${roomId}`,
    'the same id': (sql, _roomId, message) => appendMessages(sql, [{ ...message, text: 'first' }])
  }
  for (const [name, change] of Object.entries(changes)) {
    t.test(`${way}: ${name} that commits while it waits for the room counts`, async (t) => {
      const { sql, plannedOnce, alice, bob, tea, coffee, says, look } = await createHouse(t)
      const late = says(tea.id, bob.userId, 'late')
      const holding = await holdRoom({ sql }, tea.id, async (transaction) => { await change(transaction, tea.id, late) })
      const appending = append(plannedOnce, [says(coffee.id, alice.userId, 'fine'), late])
      const outcome = appending.then((placed) => placed.map(({ seq }) => seq === null ? 'refused' : 'appended'), (error: unknown) => error)
      await untilSomebodyWaits(sql)
      await holding.letGo()
      const answer = await outcome
      if (name === 'the same id') t.ok(isUniqueViolation(answer, 'room_events_id'))
      else if (append === appendOptimistically) t.ok(isDoubt(answer))
      else t.same(answer, ['appended', 'refused'])
      t.notOk((await look()).events.some(({ text }) => text === 'late'))
    })
  }
}

t.test('in doubt about one, nothing of the batch is appended, and the careful way says of whom', async (t) => {
  const { sql, plannedOnce, rooms, moderation, alice, bob, eve, tea, coffee, says, look } = await createHouse(t)
  const earlier = says(tea.id, alice.userId, 'earlier')
  await appendOptimistically(plannedOnce, [earlier])
  const garden = await rooms.make(alice, { name: 'Garden', kind: 'public' })
  await rooms.change(alice, garden.id, { archived: true })
  await moderation.mute(alice, coffee.id, bob.userId, new Date(Date.now() + 300_000).toISOString())
  await sql`update members set muted_until = now() - interval '1 minute' where room_id = ${tea.id} and user_id = ${bob.userId}`

  const withOthers = (...messages: NewMessage[]) => [says(coffee.id, alice.userId, 'fine'), ...messages, says(tea.id, bob.userId, 'muted once, and no more')]
  t.match(await appendOptimistically(plannedOnce, withOthers()), [{ seq: Number }, { seq: Number }], 'nothing else is in doubt')

  const isRepetition = (error: unknown): boolean => isUniqueViolation(error, 'room_events_id')
  const cases: Record<string, [NewMessage, object, isOurs?: typeof isDoubt]> = {
    'a stranger': [says(tea.id, eve.userId, 'let me in'), { kind: 'public', isMember: false }],
    'no such room': [says(randomUUID(), alice.userId, 'hello?'), { kind: null, isMember: false }],
    'an archived room': [says(garden.id, alice.userId, 'weeds'), { isMember: true, isArchived: true }],
    'somebody muted': [says(coffee.id, bob.userId, 'mmh'), { isMember: true, mutedUntilMs: Number }],
    'an answer to nothing': [says(tea.id, alice.userId, 'what?', { replyTo: 99 }), { isMember: true, priorSeq: null }],
    'an answer to what is no message': [says(tea.id, alice.userId, 'welcome', { replyTo: 1 }), { isMember: true, priorSeq: null }],
    'a repetition': [{ ...earlier, text: 'again' }, { priorSeq: 3, priorActorId: alice.userId, priorType: 'message.sent' }, isRepetition]
  }
  for (const [name, [message, refused, isOurs = isDoubt]] of Object.entries(cases)) {
    const batch = withOthers(message)
    const before = await look()
    const error: unknown = await appendOptimistically(plannedOnce, batch).then(() => undefined, (error: unknown) => error)
    t.ok(isOurs(error), name)
    t.same(await look(), before, `${name}: as if it had not been tried`)
    const verdicts = await appendMessages(plannedOnce, batch)
    t.match(verdicts, [{ seq: Number }, { seq: null, ...refused }, { seq: Number }], name)
  }
})

t.test('rooms are locked in the order of their ids, in whichever order the batch names them', async (t) => {
  const { sql, plannedOnce, rooms, alice, says } = await createHouse(t)
  const made = []
  for (let index = 0; index < 30; index++) made.push((await rooms.make(alice, { name: `Room ${index}`, kind: 'public' })).id)
  const [first = '', ...others] = made.sort()
  for (const append of [appendOptimistically, appendMessages]) {
    for (const more of [{}, { replyTo: 1 }, { data: { mentions: [alice.userId] } }]) {
      const holding = await holdRoom({ sql }, first)
      const appending = append(plannedOnce, [...others.toReversed(), first].map((roomId) => says(roomId, alice.userId, 'hi', more)))
      const outcome = appending.then((placed) => placed.map(({ seq }) => seq === null), isDoubt)
      await untilSomebodyWaits(sql)
      // Whoever holds a later one while waiting for the first can meet somebody who goes the other way.
      const free = await sql`select id from rooms where id = any(${others}::uuid[]) for update skip locked`
      t.equal(free.length, others.length, `${append.name} holds no other while it waits for the first`)
      await holding.letGo()
      await outcome
    }
  }
})
