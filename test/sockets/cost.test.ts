import t from 'tap'
import { startRedis } from '../../cluster/redis.ts'
import { countAsked } from '../../load/bench/store-counts.ts'
import { startNode } from '../helpers/node.ts'
import { people } from '../helpers/person.ts'
import { createStores } from '../helpers/stores.ts'

const crowd = Array.from({ length: 100 })

t.test('what a crowd costs whose handshakes come at once depends on the batches, not on the connections', async (t) => {
  // A Redis that nobody else asks.
  const server = await startRedis()
  t.teardown(() => server.stop())
  const stores = { ...await createStores(t), redisUrl: server.url }
  const node = await startNode(t, { stores })
  const [alice, bob] = await people(node, 'alice', 'bob')
  await alice.makeRoom()

  const { commits, redisReads } = await countAsked(stores, async () => {
    const sessions = await Promise.all(crowd.map((_, index) => node.app.readSession((index % 2 ? alice : bob).jar.header)))
    t.same(sessions.map((found) => found?.account.id), crowd.map((_, index) => (index % 2 ? alice : bob).id))
    const loaded = await Promise.all(crowd.map((_, index) => node.app.domain.members.load((index % 2 ? alice : bob).id)))
    t.same(loaded.map(({ memberships }) => memberships.length), crowd.map((_, index) => index % 2))
    return 1
  })
  // One for each question, and some for what counts them, and for what the node does by itself meanwhile.
  t.ok((commits as number) < 20, `${commits} commits of Postgres`)
  t.ok((redisReads as number) < 30, `${redisReads} reads of Redis`)
})
