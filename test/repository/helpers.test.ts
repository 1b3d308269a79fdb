import { startNodes } from '../helpers/node.ts'
import { t } from '../suite.ts'

t.test('each node of a cluster has a name of its own, and all have the same stores', async (t) => {
  const nodes = await startNodes(t, 3)

  t.same(nodes.map(({ name }) => name), ['n1', 'n2', 'n3'])
  t.equal(new Set(nodes.map(({ url }) => url)).size, 3)
  t.equal(new Set(nodes.map(({ stores }) => stores.databaseUrl)).size, 1)
  for (const { url } of nodes) t.equal((await fetch(`${url}/healthz`)).status, 200)
})

t.test('every cluster has a database of its own', async (t) => {
  const [[here], [there]] = await Promise.all([startNodes(t, 1), startNodes(t, 1)])

  t.not(here.stores.databaseUrl, there.stores.databaseUrl)
  t.same(await here.app.database.sql`select count(*) from users`, [{ count: 0 }])
})
