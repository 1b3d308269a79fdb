import { randomUUID } from 'node:crypto'
import { createWorld } from '../domain/world.ts'
import { t } from '../suite.ts'

t.test('a text without an @ costs the same statements as before: no question about names, no word of extras', async (t) => {
  const world = await createWorld(t)
  const alice = await world.user('alice')
  const bob = await world.user('bob')
  const room = await world.rooms.make(alice, { name: 'Tea', kind: 'public' })
  await world.members.put(bob, room.id, bob.userId)
  const asked: string[] = []
  const { sql, plannedOnce } = world
  for (const connection of [sql, plannedOnce]) connection.options.debug = (_connection: number, query: string) => { asked.push(query) }
  const send = (text: string) => world.messages.send(alice, { roomId: room.id, id: randomUUID(), text })

  await send('hello')
  await send('mail ann@example.com')
  t.equal(asked.length, 2)
  t.notMatch(asked.join(), /mentions|jsonb|data/)
  await send('@bob')
  t.equal(asked.length, 4)
  t.match(asked.slice(2), [/from unnest[^]*members/, /insert into mentions/])
})
