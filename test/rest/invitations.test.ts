import { createHash, randomUUID } from 'node:crypto'
import type { Room } from '../../contract/index.ts'
import { createParley } from '../../sdk/index.ts'
import { call, unseenAnswers } from '../contract/call.ts'
import { startLoggingNode } from '../helpers/logging-node.ts'
import { startNodes } from '../helpers/node.ts'
import { people, person, type Person } from '../helpers/person.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

const [one, two] = await startNodes(t, 2)
const [alice, adam, bob, carol, mallory] = await people(one, 'alice', 'adam', 'bob', 'carol', 'mallory')
const { sql } = one.app.database

async function makeClub (kind: 'public' | 'private' = 'private'): Promise<Room> {
  const room = await alice.makeRoom({ kind, name: 'The club', topic: 'Tea' })
  await alice.add(room, adam, 'admin')
  await alice.add(room, bob)
  return room
}

async function invite ({ id: roomId }: Room, wish: object = {}, maker: Person = alice) {
  const { status, body } = await call(maker, 'makeInvitation', { params: { roomId }, body: wish })
  if (status !== 201) throw new Error(`There should be an invitation: ${JSON.stringify(body)}`)
  return body
}

const look = (who: Person, token: string) => call(who, 'getInvitation', { params: { token } })
const accept = (who: Person, token: string) => call(who, 'acceptInvitation', { params: { token } })
const usesOf = async ({ id: roomId }: Room) => (await call(alice, 'listInvitations', { params: { roomId } })).body.invitations.map(({ uses }) => uses)
const gone = { status: 404, body: { error: { code: 'link.not_found' } } }

t.test('alice invites carol, who comes in through another node; everybody hears of it', async (t) => {
  const room = await makeClub()
  const bobSocket = await bob.at(two).connect()
  const carolSocket = await carol.connect()
  const { invitation, token } = await invite(room, { maxUses: 2 })
  t.match(invitation, { roomId: room.id, createdBy: alice.id, maxUses: 2, uses: 0 })
  t.equal(Date.parse(invitation.expiresAt) - Date.parse(invitation.createdAt), 7 * 86_400_000, 'a week unless said otherwise')
  t.match(token, /^[\w-]{43}$/)

  const seen = await look(carol.at(two), token)
  t.same(seen.body, { room: { id: room.id, name: 'The club', topic: 'Tea', memberCount: 3 }, expiresAt: invitation.expiresAt, isMember: false })
  const { status, body } = await accept(carol.at(two), token)
  t.match([status, body], [200, { room: { id: room.id, memberCount: 4 }, unread: 0 }])
  t.same(Object.keys(body).sort(), ['epoch', 'lastSeq', 'readSeq', 'room', 'unread', 'unreadMentions'], 'and nothing of how it is counted')
  const { lastSeq } = await carolSocket.next('room:joined', (state) => state.room.id === room.id)
  const joined = (await bobSocket.caughtUp(room.id, lastSeq)).at(-1)
  t.match(joined, { type: 'member.joined', actorId: carol.id, data: { userId: carol.id, role: 'member' } })
  await carol.send(room, 'thank you')
  t.match((await look(carol, token)).body, { isMember: true })
  t.same(await usesOf(room), [1])

  t.equal((await accept(carol, token)).status, 200, 'again is the same')
  t.same(await usesOf(room), [1], 'and uses nothing up')
})

t.test('of the token only its hash is kept, and no log has it', async (t) => {
  const node = await startLoggingNode(t)
  const [anna, ben] = await people(node, 'anna', 'ben')
  const { token } = await invite(await anna.makeRoom({ kind: 'private' }), {}, anna)
  await look(ben, token)
  await accept(ben, token)
  await accept(ben, `${token.slice(0, 30)}x`)
  t.match(node.log(), '/api/invitations/…/accept')
  t.notOk(node.log().includes(token.slice(0, 30)))
  const [row] = await node.app.database.sql`select * from invitations`
  t.equal(row?.token_hash, createHash('sha256').update(token).digest('hex'))
  t.notOk(JSON.stringify(row).includes(token))
})

t.test('owners and admins invite, list and revoke; nobody else does', async (t) => {
  const room = await makeClub('public')
  const params = { roomId: room.id }
  const { invitation } = await invite(room, {}, adam)
  for (const who of [bob, mallory]) {
    for (const name of ['makeInvitation', 'listInvitations'] as const) {
      t.match(await call(who, name, { params }), { status: 403, body: { error: { code: 'request.forbidden' } } }, name)
    }
    t.match(await call(who, 'revokeInvitation', { params: { ...params, invitationId: invitation.id } }), { status: 403 })
  }
  t.same((await call(adam, 'listInvitations', { params })).body.invitations, [invitation])
  t.match(await call(alice, 'revokeInvitation', { params: { ...params, invitationId: randomUUID() } }), gone)
  const other = await makeClub()
  t.match(await call(alice, 'revokeInvitation', { params: { roomId: other.id, invitationId: invitation.id } }), gone, 'not through another room')
  t.equal((await call(alice, 'revokeInvitation', { params: { ...params, invitationId: invitation.id } })).status, 204)
  t.same(await usesOf(room), [])

  const { id: roomId } = (await alice.post('/rooms/direct', { userId: bob.id })).body.room
  t.match(await call(alice, 'makeInvitation', { params: { roomId } }), { status: 403, body: { error: { code: 'request.forbidden' } } }, 'two are two')
})

t.test('a link that was revoked, has expired, is used up, or never was, leads nowhere', async (t) => {
  const room = await makeClub()
  const revoked = await invite(room)
  await call(alice, 'revokeInvitation', { params: { roomId: room.id, invitationId: revoked.invitation.id } })
  const expired = await invite(room, { expiresInSeconds: 60 })
  await sql`update invitations set expires_at = now() where id = ${expired.invitation.id}`
  const usedUp = await invite(room, { maxUses: 1 })
  t.equal((await accept(carol, usedUp.token)).status, 200)
  const ofDeleted = await alice.makeRoom({ kind: 'private' })
  const orphan = await invite(ofDeleted)
  await alice.delete(`/rooms/${ofDeleted.id}`)

  for (const { token } of [revoked, expired, usedUp, orphan, { token: 'nonsense' }]) {
    t.match(await look(mallory, token), gone)
    t.match(await accept(mallory, token), gone)
  }
  t.equal((await accept(carol, usedUp.token)).status, 200, 'whoever came by the last use may ask again')
  t.equal((await mallory.get(`/rooms/${room.id}`)).status, 404)

  await one.app.domain.invitations.removeExpired()
  t.same((await sql`select id from invitations where id = ${expired.invitation.id}`).length, 0, 'it is swept')
  t.same((await sql`select id from invitations where id = ${usedUp.invitation.id}`).length, 1)
})

t.test('never do more come than may, also when all come at once and to two nodes', async (t) => {
  const room = await alice.makeRoom({ kind: 'private' })
  const { token } = await invite(room, { maxUses: 5 })
  const crowd = await Promise.all(Array.from({ length: 16 }, (_, index) => person(one, `guest-${index}`)))
  const answers = await Promise.all(crowd.map((guest, index) => accept(guest.at(index % 2 ? one : two), token)))
  t.same(answers.map(({ status }) => status).toSorted(), [...Array<number>(5).fill(200), ...Array<number>(11).fill(404)])
  t.equal((await alice.get(`/rooms/${room.id}`)).body.room.memberCount, 6)
  t.same(await usesOf(room), [5])
})

t.test('of two who have both found one use left, and wait for the room, one comes in', async (t) => {
  const room = await alice.makeRoom({ kind: 'private' })
  const { token } = await invite(room, { maxUses: 1 })
  const both = await sql.begin(async (held) => {
    await held`select from rooms where id = ${room.id} for update`
    const answers = Promise.all([accept(carol, token), accept(mallory.at(two), token)])
    await until('both wait', async () => (await sql`
      select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`).length === 2)
    return { answers }
  })
  t.same((await both.answers).map(({ status }) => status).toSorted(), [200, 404])
  t.same(await usesOf(room), [1])
})

t.test('one guest who asks many times at once is counted once', async (t) => {
  const room = await alice.makeRoom({ kind: 'private' })
  const { token } = await invite(room, { maxUses: 3 })
  const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => accept(carol.at(index % 2 ? one : two), token)))
  t.ok(answers.every(({ status }) => status === 200))
  t.same(await usesOf(room), [1])
})

t.test('a link holds as long as its maker may invite: nobody who was removed comes back by their own', async (t) => {
  const room = await makeClub()
  const { token } = await invite(room, {}, adam)
  await alice.put(`/rooms/${room.id}/members/${adam.id}`, { role: 'member' })
  t.match(await look(carol, token), gone)
  await alice.remove(room, adam)
  for (const who of [adam, carol]) t.match(await accept(who, token), gone)
  await alice.add(room, adam, 'admin')
  t.equal((await accept(carol, token)).status, 200)
})

t.test('a ban holds against every link, and a mute is kept', async (t) => {
  const room = await makeClub()
  const { token } = await invite(room)
  await alice.put(`/rooms/${room.id}/bans/${mallory.id}`)
  t.match(await accept(mallory, token), { status: 403, body: { error: { code: 'request.forbidden', message: /banned/ } } })
  t.same(await usesOf(room), [0])

  await alice.put(`/rooms/${room.id}/mutes/${bob.id}`)
  await bob.leave(room)
  t.equal((await accept(bob, token)).status, 200)
  t.match(await bob.post(`/rooms/${room.id}/messages`, { id: randomUUID(), text: 'but' }), { status: 403, body: { error: { message: /muted/ } } })
})

t.test('a room has so many at a time, and those that have expired do not count', async (t) => {
  const room = await alice.makeRoom({ kind: 'private' })
  await sql`
    insert into invitations (id, room_id, token_hash, created_by, expires_at)
    select gen_random_uuid(), ${room.id}, gen_random_uuid()::text, ${alice.id}, now() + interval '1 hour' from generate_series(1, 100)`
  t.match(await call(alice, 'makeInvitation', { params: { roomId: room.id } }), { status: 403, body: { error: { message: /at most 100/ } } })
  await sql`update invitations set expires_at = now() where room_id = ${room.id}`
  await invite(room)
  t.equal((await sql`select from invitations where room_id = ${room.id}`).length, 1)
})

t.test('the SDK invites, shows, accepts and revokes', async (t) => {
  const [host, guest] = [createParley({ url: one.url }), createParley({ url: two.url })]
  t.teardown(() => { host.close(); guest.close() })
  await host.signIn({ username: 'alice', password: alice.password })
  await guest.signIn({ username: 'mallory', password: mallory.password })
  const room = await host.rooms.make({ name: 'Salon', kind: 'private' })
  const { token, invitation } = await room.invite({ maxUses: 1 })
  t.same(await room.invitations(), [invitation])
  t.match(await guest.invitation(token), { room: { id: room.id, name: 'Salon' }, isMember: false })
  const theirs = await guest.acceptInvitation(token)
  await theirs.send('I am in')
  t.equal(theirs.details?.name, 'Salon')
  await room.revokeInvitation(invitation.id)
  await t.rejects(guest.invitation(token), { code: 'link.not_found' })
})

t.test('every answer of these calls has been seen', async (t) => {
  t.same(unseenAnswers(['makeInvitation', 'listInvitations', 'revokeInvitation', 'getInvitation', 'acceptInvitation']), [])
})
