import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { sortInTexts } from '../../db/queries/search.ts'
import { keepSearchIndexSorted } from '../../domain/search-index.ts'
import { createWorld } from '../domain/world.ts'
import { t } from '../suite.ts'

/** As `sortInTexts` asks. */
const sorting = "select gin_clean_pending_list('room_events_search')"

/** Long texts of words that are not the same. */
const writeText = (number: number): string => Array.from({ length: 600 }, (_, index) => `w${(number * 7919 + index * 104_729) % 50_000}`).join(' ').slice(0, 4000)

t.test('what is sent is sorted into the search index before Postgres makes a sender do it', async (t) => {
  // Looked at on other connections than those that sort.
  const { sql, plannedOnce: watching, log, rooms, messages, user } = await createWorld(t)
  keepSearchIndexSorted({ sql, log, report: (error) => { t.fail(String(error)) } })
  const alice = await user('alice')
  const room = await rooms.make(alice, { name: 'Tea', kind: 'private' })
  const pendingPages = async (): Promise<number> => {
    const [row] = await watching<Array<{ pages: number }>>`select gin_clean_pending_list('room_events_search')::float8 as pages`
    return row?.pages ?? 0
  }
  const send = async (count: number): Promise<void> => {
    await Promise.all(Array.from({ length: count }, (_, number) => messages.send(alice, { roomId: room.id, id: randomUUID(), text: writeText(number) })))
  }

  await send(20)
  const ofTwenty = await pendingPages()
  t.ok(ofTwenty > 20, 'a text waits on the list')

  await send(120)
  const deadline = Date.now() + 5000
  for (let isSorted = false; !isSorted;) {
    const done = await watching`select from pg_stat_activity where datname = current_database() and state = 'idle' and query = ${sorting}`
    isSorted = done.length > 0
    if (Date.now() > deadline) throw new Error('The texts were not sorted in within 5 s.')
  }
  t.ok(await pendingPages() < 3 * ofTwenty, 'of all that followed, most are off the list')
})

t.test('a role that may not sort them in is told once in a while, and sends go on', async (t) => {
  const { plannedOnce, sql, log, rooms, messages, user } = await createWorld(t)
  const told: unknown[] = []
  await sql`drop index room_events_search`
  await t.rejects(sortInTexts(sql), { message: /room_events_search/ })
  keepSearchIndexSorted({ sql: plannedOnce, log, report: (error) => { told.push(error) } })
  const alice = await user('alice')
  const room = await rooms.make(alice, { name: 'Tea', kind: 'private' })
  for (let number = 0; number < 140; number++) await messages.send(alice, { roomId: room.id, id: randomUUID(), text: writeText(number) })
  const deadline = Date.now() + 5000
  while (told.length === 0 && Date.now() < deadline) await nextTurn()
  t.equal(told.length, 1)
})
