import { createServer, connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { openDatabase } from '../../db/client.ts'
import { isDatabaseUnavailable } from '../../db/failures.ts'
import { createStores } from '../helpers/stores.ts'

t.test('a connection that breaks while a statement is about to be written is as good as new afterwards', async (t) => {
  const { databaseUrl } = await createStores(t)
  const url = new URL(databaseUrl)
  const port = Number(url.port)
  const sockets = new Set<Socket>()
  const proxy = createServer((client) => {
    const server = connect(port, url.hostname)
    for (const socket of [client, server]) {
      sockets.add(socket.on('error', () => {}).on('close', () => { sockets.delete(socket); client.destroy(); server.destroy() }))
    }
    client.pipe(server).pipe(client)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    proxy.close()
  })
  url.port = String((proxy.address() as { port: number }).port)
  // One connection for each kind of statement: the broken one must be the one that goes on.
  const database = openDatabase({ url: url.href, connections: 2 })
  t.teardown(() => database.close())

  for (let round = 0; round < 10; round++) {
    t.same([...await database.sql`select 1 as one`], [{ one: 1 }])
    for (const socket of sockets) socket.destroy()
    // One statement in every turn of the event loop, until one of them meets the end of the connection.
    const failures: unknown[] = []
    while (failures.length === 0) {
      database.sql`select 2`.catch((error: unknown) => { failures.push(error) })
      await nextTurn()
    }
    t.ok(isDatabaseUnavailable(failures[0]))
    const recovered = database.sql`select 3 as three`.then(() => true, () => false)
    t.equal(await Promise.race([recovered, new Promise((resolve) => { setTimeout(resolve, 3000, 'it hangs').unref() })]), true)
  }
})
