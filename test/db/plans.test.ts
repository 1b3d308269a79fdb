import { randomUUID } from 'node:crypto'
import { openDatabase, type Sql } from '../../db/client.ts'
import { appendMessages } from '../../db/queries/append-messages.ts'
import { appendOptimistically } from '../../db/queries/append-optimistically.ts'
import { createStores } from '../helpers/stores.ts'
import { createWorld } from '../domain/world.ts'
import { t } from '../suite.ts'

for (const append of [appendOptimistically, appendMessages]) {
  t.test(`${append.name} finds by keys what it needs, also in tables that were empty when it was planned`, async (t) => {
    const stores = await createStores(t)
    const { rooms, messages, user } = await createWorld(t, stores)
    const alice = await user('alice')
    const tea = await rooms.make(alice, { name: 'Tea', kind: 'public' })
    for (let index = 0; index < 50; index++) await rooms.make(alice, { name: `Other ${index}`, kind: 'public' })
    const { plannedOnce, close } = openDatabase({ url: stores.databaseUrl, connections: 1 })
    t.teardown(close)

    const { message: { seq: replyTo } } = await messages.send(alice, { roomId: tea.id, id: randomUUID(), text: 'tea?' })

    const readByScans = (extras: object) => plannedOnce.begin(async (transaction) => {
      const batch = Array.from({ length: 20 }, () => ({ roomId: tea.id, id: randomUUID(), actorId: alice.userId, text: 'hi', ...extras }))
      const verdicts = await append(transaction as unknown as Sql, batch)
      t.ok(verdicts.every(({ seq }) => seq !== null))
      return await transaction<Array<{ relname: string, rows: number }>>`
        select relname, seq_tup_read::float8 as rows from pg_stat_xact_user_tables
        where relname in ('rooms', 'members', 'room_events') order by relname`
    })
    const none = [{ relname: 'members', rows: 0 }, { relname: 'room_events', rows: 0 }, { relname: 'rooms', rows: 0 }]
    const kinds = [{}, { replyTo, data: { mentions: [alice.userId] } }]
    for (const extras of kinds) t.same(await readByScans(extras), none, 'the plan is made')
    for (let round = 0; round < 5; round++) {
      await Promise.all(Array.from({ length: 64 }, () => messages.send(alice, { roomId: tea.id, id: randomUUID(), text: 'hi' })))
    }
    for (const extras of kinds) t.same(await readByScans(extras), none, 'and used again when the log has grown')
  })
}
