import { openDatabase } from '../../db/client.ts'
import { isDatabaseUnavailable } from '../../db/failures.ts'
import { createStores } from '../helpers/stores.ts'
import { t } from '../suite.ts'
import { createWay } from './way.ts'

t.test('a statement does not wait for ever on a way to Postgres that was cut; after that it goes on', async (t) => {
  const { databaseUrl } = await createStores(t)
  const way = await createWay(t, databaseUrl)
  const database = openDatabase({ url: way.url, connections: 2, silenceMs: 500 })
  t.teardown(() => database.close())

  t.same([...await database.sql`select 1 as one`], [{ one: 1 }])
  way.setCut(true)
  const results = await Promise.allSettled([1, 2, 3].map((number) => database.sql`select ${number}::int`))
  t.ok(results.every((result) => result.status === 'rejected' && isDatabaseUnavailable(result.reason)))
  way.setCut(false)
  t.same([...await database.sql`select 2 as two`], [{ two: 2 }])
})
