import { randomUUID } from 'node:crypto'
import { searchStatement, type Search } from '../../db/queries/search.ts'
import { createWorld } from '../domain/world.ts'
import { t } from '../suite.ts'

interface Plan {
  'Node Type': string
  'Index Name'?: string
  Plans?: Plan[]
}

const indicesOf = (plan: Plan): string[] => [...(plan['Index Name'] ? [plan['Index Name']] : []), ...(plan.Plans ?? []).flatMap(indicesOf)]

t.test('in a full table words are looked up in the index, in one room and in all', async (t) => {
  const { sql, rooms, user } = await createWorld(t)
  const alice = await user('alice')
  const room = await rooms.make(alice, { name: 'Tea', kind: 'private' })
  await sql`
    insert into room_events (room_id, seq, id, type, actor_id, at, message_number, text)
    select ${room.id}, number + 1, gen_random_uuid(), 'message.sent', ${alice.userId}, now(), number, 'word' || number % 2000 || ' and further words of message ' || number
    from generate_series(1, 20000) as number`
  await sql`analyze room_events`
  await sql`analyze members`
  const searches: Search[] = [
    { words: ['further', 'word77'], limit: 20 },
    { words: ['word77', 'further'], roomId: room.id, limit: 20 },
    { words: ['word77', 'fur'], roomId: room.id, before: 15_000, limit: 20 },
    { words: ['word77'], after: { atMs: Date.now(), roomId: randomUUID(), seq: 5 }, limit: 20 }
  ]
  t.equal((await sql<Array<{ value: string }>>`select current_setting('enable_seqscan') as value`)[0]?.value, 'on')
  for (const search of searches) {
    const [explained] = await sql<Array<{ 'QUERY PLAN': Array<{ Plan: Plan }> }>>`explain (format json) ${searchStatement(sql, alice.userId, search)}`
    const { Plan: plan } = explained?.['QUERY PLAN'][0] ?? {}
    t.ok(plan && indicesOf(plan).includes('room_events_search'), JSON.stringify(search))
    t.notMatch(JSON.stringify(plan), /"Seq Scan"[^}]*room_events/)
  }
})
