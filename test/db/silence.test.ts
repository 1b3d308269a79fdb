import { createServer, connect, type Socket } from 'node:net'
import { once } from 'node:events'
import t from 'tap'
import { openDatabase } from '../../db/client.ts'
import { isDatabaseUnavailable } from '../../db/failures.ts'
import { createStores } from '../helpers/stores.ts'

t.test('a statement does not wait for ever on a way to Postgres that was cut; after that it goes on', async (t) => {
  const { databaseUrl } = await createStores(t)
  const url = new URL(databaseUrl)
  const port = Number(url.port)
  // A way that can be cut without either end hearing of it.
  const sockets: Socket[] = []
  let isCut = false
  const proxy = createServer((client) => {
    const server = connect(port, url.hostname)
    sockets.push(client, server)
    client.on('error', () => {}).on('data', (data) => { if (!isCut) server.write(data) })
    server.on('error', () => {}).on('data', (data) => { if (!isCut) client.write(data) })
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    proxy.close()
  })
  url.port = String((proxy.address() as { port: number }).port)
  const database = openDatabase({ url: url.href, connections: 2, silenceMs: 500 })
  t.teardown(() => database.close())

  t.same([...await database.sql`select 1 as one`], [{ one: 1 }])
  isCut = true
  const results = await Promise.allSettled([1, 2, 3].map((number) => database.sql`select ${number}::int`))
  t.ok(results.every((result) => result.status === 'rejected' && isDatabaseUnavailable(result.reason)))
  isCut = false
  t.same([...await database.sql`select 2 as two`], [{ two: 2 }])
})
