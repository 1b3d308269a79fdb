import { randomUUID } from 'node:crypto'
import { createStores } from '../helpers/stores.ts'
import { createWorld, holdRoom, untilSomebodyWaits } from '../domain/world.ts'
import { t } from '../suite.ts'

t.test('of edits and deletions on two nodes at once the last one says who is called', async (t) => {
  const stores = await createStores(t)
  const [one, two] = [await createWorld(t, stores), await createWorld(t, stores)]
  const [alice, bob, carol] = [await one.user('alice'), await one.user('bob'), await one.user('carol')]
  const { id: roomId } = await one.rooms.make(alice, { name: 'Tea', kind: 'public' })
  for (const { userId } of [bob, carol]) await one.members.put(alice, roomId, userId)
  const send = async () => (await one.messages.send(alice, { roomId, id: randomUUID(), text: 'hello' })).message.seq
  const edit = (world: typeof one, seq: number, text: string) => world.messages.edit(alice, { roomId, id: randomUUID(), seq, text })

  /** Both have looked before either may append. */
  async function race (...deeds: Array<() => Promise<unknown>>) {
    const holding = await holdRoom(one, roomId)
    const done: Array<Promise<unknown>> = []
    for (const deed of deeds) {
      done.push(deed())
      await untilSomebodyWaits(one.sql, done.length)
    }
    await holding.letGo()
    await Promise.all(done)
  }
  async function calledBy (seq: number) {
    const rows = await one.sql<Array<{ userId: string }>>`select user_id as "userId" from mentions where room_id = ${roomId} and seq = ${seq}`
    return [...rows].map(({ userId }) => userId)
  }

  const edited = await send()
  await race(() => edit(one, edited, '@bob'), () => edit(two, edited, '@carol'))
  t.same(await calledBy(edited), [carol.userId])
  t.match(await one.messages.readMessage(alice, roomId, edited), { text: '@carol', mentions: [carol.userId] })
  const deleted = await send()
  await race(() => edit(one, deleted, '@bob'), () => two.messages.delete(alice, { roomId, id: randomUUID(), seq: deleted }))
  t.same(await calledBy(deleted), [])
})
