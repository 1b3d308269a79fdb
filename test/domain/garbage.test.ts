import { randomUUID } from 'node:crypto'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { openDatabase } from '../../db/client.ts'
import { Log } from '../../domain/log.ts'
import { createStores } from '../helpers/stores.ts'
import { createWorld } from './world.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void

function oldBytes (): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')?.space_used_size ?? 0
}

t.test('what was said is collected while it is young, also when what was said before it has grown old', async (t) => {
  const stores = await createStores(t)
  const { rooms, user } = await createWorld(t, stores)
  const alice = await user('alice')
  const roomIds: string[] = []
  for (let index = 0; index < 20; index++) roomIds.push((await rooms.make(alice, { name: `Room ${index}`, kind: 'public' })).id)
  const { sql, plannedOnce, close } = openDatabase({ url: stores.databaseUrl })
  t.teardown(close)
  const log = new Log({ sql, plannedOnce })

  let sent = 0
  async function sendMany (count: number): Promise<void> {
    const last = sent + count
    await Promise.all(Array.from({ length: 40 }, async () => {
      while (sent < last) {
        const text = `${sent} `.padEnd(500, '.')
        await log.send({ roomId: roomIds[sent++ % roomIds.length] as string, id: randomUUID(), actorId: alice.userId, text })
      }
    }))
  }

  await sendMany(4000)
  const onTheirWay = sendMany(400)
  // Whatever is on its way grows old.
  for (let times = 0; times < 3; times++) collect({ type: 'minor' })
  await onTheirWay

  const count = 8000
  let grown = 0
  for (let done = 0; done < count; done += 500) {
    const before = oldBytes()
    await sendMany(500)
    // Less when the whole heap was looked through just then.
    grown += Math.max(0, oldBytes() - before)
  }
  // Some 200; with statements that are not emptied 1250.
  const each = Math.round(grown / count)
  t.ok(each < 600, `${each} bytes of each message grow old`)
})
