import { setImmediate as nextTurn } from 'node:timers/promises'
import { openDatabase } from '../../db/client.ts'
import { isDatabaseUnavailable } from '../../db/failures.ts'
import { within } from '../../realtime/within.ts'
import { createStores } from '../helpers/stores.ts'
import { t } from '../suite.ts'
import { createWay } from './way.ts'

t.test('a connection that breaks while a statement is about to be written is as good as new afterwards', async (t) => {
  const { databaseUrl } = await createStores(t)
  const way = await createWay(t, databaseUrl)
  // One connection for each kind of statement: the broken one must be the one that goes on.
  const database = openDatabase({ url: way.url, connections: 2 })
  t.teardown(() => database.close())

  for (let round = 0; round < 10; round++) {
    t.same([...await database.sql`select 1 as one`], [{ one: 1 }])
    way.breakAll()
    // One statement in every turn of the event loop, until one of them meets the end of the connection.
    const failures: unknown[] = []
    for (let turn = 0; failures.length === 0 && turn < 10_000; turn++) {
      database.sql`select 2`.catch((error: unknown) => { failures.push(error) })
      await nextTurn()
    }
    t.ok(isDatabaseUnavailable(failures[0]))
    const recovered = database.sql`select 3 as three`.then(() => true, () => false)
    t.ok(await within(recovered, 3000), 'it does not hang')
  }
})
