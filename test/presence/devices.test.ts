import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createWorld, startPresenceNodes } from './world.ts'

const alice = randomUUID()
const bob = randomUUID()

t.test('a user is online on every node while one connection lives on any', async (t) => {
  const [n1, n2, n3] = await startPresenceNodes(t, createWorld(t), 3)
  t.equal(await n3.statusOf(alice), 'offline')
  const phone = await n1.connect(alice)
  t.equal(await n3.statusOf(alice), 'online')
  const laptop = await n2.connect(alice)
  n1.disconnect(phone, 'logout')
  await n1.connect(bob) // Written after it: a fence.
  t.equal(await n3.statusOf(alice), 'online', 'the laptop is still there')
  n2.disconnect(laptop, 'logout')
  const { connectionId } = await n2.watch(bob, alice)
  if (await n3.statusOf(alice) === 'online') await n2.nextChange(connectionId)
  t.equal(await n3.statusOf(alice), 'offline')
})
