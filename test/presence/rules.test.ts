import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import { openDatabase, type Sql } from '../../db/client.ts'
import { createPresenceRules } from '../../domain/presence.ts'
import { createStores } from '../helpers/stores.ts'
import { t } from '../suite.ts'

async function openSql (t: Test): Promise<Sql> {
  const { databaseUrl } = await createStores(t)
  const { sql, close } = openDatabase({ url: databaseUrl, connections: 2 })
  t.teardown(close)
  return sql
}

async function addUsers (sql: Sql, ...names: string[]): Promise<string[]> {
  return await Promise.all(names.map(async (username) => {
    const id = randomUUID()
    await sql`insert into users (id, username, display_name, password_hash) values (${id}, ${username}, ${username}, '')`
    return id
  }))
}

async function addRoom (sql: Sql, kind: 'public' | 'private' | 'direct', members: string[]): Promise<string> {
  const id = randomUUID()
  await sql`insert into rooms (id, kind, name) values (${id}, ${kind}, 'a room')`
  for (const userId of members) await sql`insert into members (room_id, user_id, role) values (${id}, ${userId}, 'member')`
  return id
}

t.test('people who share a room see each other; others do not; everybody sees themselves', async (t) => {
  const sql = await openSql(t)
  const [alice = '', bob = '', carol = '', mallory = ''] = await addUsers(sql, 'alice', 'bob', 'carol', 'mallory')
  const rooms = [await addRoom(sql, 'private', [alice, bob]), await addRoom(sql, 'direct', [alice, bob])].sort()
  const common = await addRoom(sql, 'public', [alice, carol])
  const rules = createPresenceRules({ sql, visibility: 'shared' })

  t.same(await rules.visibleTo(alice, [alice, bob, carol, mallory]), new Map([[alice, undefined], [bob, rooms[0]], [carol, common]]), 'with the first of the rooms')
  t.same(await rules.visibleTo(bob, [alice, carol]), new Map([[alice, rooms[0]]]))
  t.same(await rules.visibleTo(mallory, [alice, bob, mallory, randomUUID()]), new Map([[mallory, undefined]]))
  t.same(await rules.visibleTo(mallory, []), new Map())
  const pairs = [[bob, carol], [carol, alice], [mallory, mallory], [alice, mallory]]
    .map(([viewerId = '', userId = '']) => ({ viewerId, userId }))
  t.same(await rules.filterVisible(pairs), [pairs[1], pairs[2]])
})

t.test('the setting opens it to everyone', async (t) => {
  const sql = await openSql(t)
  const [alice = '', mallory = ''] = await addUsers(sql, 'alice', 'mallory')
  const rules = createPresenceRules({ sql, visibility: 'everyone' })
  t.same(await rules.visibleTo(mallory, [alice]), new Map([[alice, undefined]]))
})

t.test('the members of a room are for its members', async (t) => {
  const sql = await openSql(t)
  const [alice = '', bob = '', mallory = ''] = await addUsers(sql, 'alice', 'bob', 'mallory')
  const rules = createPresenceRules({ sql, visibility: 'shared' })
  const closed = await addRoom(sql, 'private', [alice, bob])
  const open = await addRoom(sql, 'public', [bob])
  t.same(new Set(await rules.membersFor(alice, closed)), new Set([alice, bob]))
  await t.rejects(rules.membersFor(mallory, closed), { code: 'room.not_found' })
  await t.rejects(rules.membersFor(mallory, open), { code: 'request.forbidden' })
  await t.rejects(rules.membersFor(mallory, randomUUID()), { code: 'room.not_found' })
})

t.test('when somebody was seen last is kept, and never goes back', async (t) => {
  const sql = await openSql(t)
  const [alice = '', bob = ''] = await addUsers(sql, 'alice', 'bob')
  const rules = createPresenceRules({ sql, visibility: 'shared' })
  const atMs = Date.parse('2026-01-31T12:00:00.123Z')
  t.same(await rules.readLastSeen([alice, bob]), new Map(), 'never seen')

  await rules.saveLastSeen([{ userId: alice, atMs: atMs - 5 }, { userId: alice, atMs }, { userId: randomUUID(), atMs }])
  await rules.saveLastSeen([{ userId: alice, atMs: atMs - 1000 }])
  t.same(await rules.readLastSeen([alice, bob]), new Map([[alice, '2026-01-31T12:00:00.123Z']]))
})
