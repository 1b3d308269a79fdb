import { startNodeProcess } from '../helpers/node-process.ts'
import { startNodes } from '../helpers/node.ts'
import { people } from '../helpers/person.ts'
import { createStores } from '../helpers/stores.ts'
import { t } from '../suite.ts'

t.test('presence follows sockets over nodes: online, two devices, logout at once', async (t) => {
  const [one, two, three] = await startNodes(t, 3)
  const [alice, bob] = await people(one, 'alice', 'bob')
  const room = await alice.makeRoom()
  await bob.join(room)
  const alice3 = await alice.at(three).connect()
  t.match(await alice3.do('presence:watch', { userIds: [bob.id] }), { users: [{ userId: bob.id, status: 'offline' }] })
  const phone = await bob.connect()
  t.match((await alice.at(two).get(`/presence?userIds=${bob.id}`)).body.users, [{ userId: bob.id, status: 'online' }])
  t.match(await alice3.next('presence:changed'), { users: [{ userId: bob.id, status: 'online' }] })
  const [onLaptop] = await people(two, 'bob')
  const laptop = await onLaptop.connect()
  t.same(await phone.ask('presence:set', { status: 'away' }), { ok: true, data: {} })
  await bob.post('/auth/logout')
  t.match(await phone.next('session:ended'), { reason: 'logout' })
  t.match((await alice.get(`/presence?userIds=${bob.id}`)).body.users, [{ status: 'online' }], 'the laptop is still there')
  await onLaptop.post('/auth/logout')
  t.match(await laptop.next('session:ended'), { reason: 'logout' })
  t.match(await alice3.next('presence:changed', ({ users }) => users.some(({ status }) => status === 'offline')), { users: [{ userId: bob.id }] })
  t.match((await alice.get(`/rooms/${room.id}/presence`)).body, { counts: { online: 1, offline: 1 }, users: [{ userId: alice.id }] })
})

t.test('P1: after a SIGKILL of their node people are offline within 10 s, and the node leaves no ghost', async (t) => {
  const stores = await createStores(t)
  const [watching] = await startNodes(t, 1, { stores })
  const dying = await startNodeProcess(t, { stores, NODE_NAME: 'n9' })
  const [alice, bob] = await people(watching, 'alice', 'bob')
  const room = await alice.makeRoom()
  await bob.join(room)
  const alice1 = await alice.connect()
  await bob.at(dying).connect()
  t.match(await alice1.do('presence:watch', { userIds: [bob.id] }), { users: [{ status: 'online' }] })
  await dying.kill()
  t.match(await alice1.next('presence:changed', undefined, 10_000), { users: [{ userId: bob.id, status: 'offline' }] })
  t.match((await alice.get(`/presence?userIds=${bob.id}`)).body.users, [{ status: 'offline' }])
})
