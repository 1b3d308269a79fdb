import { randomUUID } from 'node:crypto'
import type { Role, Room } from '../../contract/index.ts'
import { call, unseenAnswers } from '../contract/call.ts'
import { startNodes } from '../helpers/node.ts'
import { people, type Person } from '../helpers/person.ts'
import { t } from '../suite.ts'

const [one, two] = await startNodes(t, 2)
const [alice, olga, adam, anna, bob, ben, mallory, carol] =
  await people(one, 'alice', 'olga', 'adam', 'anna', 'bob', 'ben', 'mallory', 'carol')

type Standing = Role | 'outsider'
/** The role that a PUT names; `none` for a PUT without one. */
type Deed = Role | 'none' | 'remove'

const actors: Record<Standing, Person> = { owner: alice, admin: adam, member: bob, outsider: mallory }
const others: Record<Standing, Person> = { owner: olga, admin: anna, member: ben, outsider: carol }
const standings = Object.keys(actors) as Standing[]
const deeds: Deed[] = ['none', 'member', 'admin', 'owner', 'remove']

async function makeFullRoom (kind: 'public' | 'private'): Promise<Room> {
  const room = await alice.makeRoom({ kind })
  await alice.add(room, olga, 'owner')
  for (const person of [adam, anna]) await alice.add(room, person, 'admin')
  for (const person of [bob, ben]) await alice.add(room, person)
  return room
}

/** What the contract says: who may, and with what code the others are refused. */
function expected (kind: string, actor: Standing, target: Standing, deed: Deed, isSelf: boolean): string {
  if (actor === 'outsider') {
    if (kind === 'private') return 'room.not_found'
    return isSelf && (deed === 'none' || deed === 'member') ? 'ok' : 'request.forbidden'
  }
  if (deed === 'remove') {
    if (isSelf) return 'ok'
    if (actor === 'member' || (actor === 'admin' && target === 'owner')) return 'request.forbidden'
    return target === 'outsider' ? 'user.not_found' : 'ok'
  }
  if (target !== 'outsider' && (deed === 'none' || deed === target)) return 'ok'
  if (actor === 'owner') return 'ok'
  return actor === 'admin' && deed !== 'owner' && target !== 'owner' ? 'ok' : 'request.forbidden'
}

async function act (actor: Person, target: Person, deed: Deed, { id: roomId }: Room): Promise<string> {
  const params = { roomId, userId: target.id }
  const { body, status } = deed === 'remove'
    ? await call(actor, 'removeMember', { params })
    : await call(actor, 'putMember', { params, ...(deed !== 'none' && { body: { role: deed } }) })
  return status < 300 ? 'ok' : body.error.code
}

/** An owner of the room who is not this very person. */
const ownerBeside = (person: Person): Person => person === alice ? olga : alice

async function roleOf (person: Person, room: Room): Promise<Standing> {
  const { members } = (await call(ownerBeside(person), 'listMembers', { params: { roomId: room.id } })).body
  return members.find(({ userId }) => userId === person.id)?.role ?? 'outsider'
}

/** Puts somebody back to where they stood. */
async function restore (person: Person, standing: Standing, room: Room): Promise<void> {
  const owner = ownerBeside(person)
  if (standing === 'outsider') await owner.remove(room, person)
  else await owner.add(room, person, standing)
}

function standingAfter (before: Standing, deed: Deed): Standing {
  if (deed === 'remove') return 'outsider'
  if (deed !== 'none') return deed
  return before === 'outsider' ? 'member' : before
}

for (const kind of ['public', 'private'] as const) {
  t.test(`in a ${kind} room, who may do what to whom`, async (t) => {
    const room = await makeFullRoom(kind)
    for (const actor of standings) {
      for (const target of [...standings, 'self'] as const) {
        const person = target === 'self' ? actors[actor] : others[target]
        const before = target === 'self' ? actor : target
        for (const deed of deeds) {
          const what = `${actor}: ${deed} ${target}`
          const want = expected(kind, actor, before, deed, target === 'self')
          t.same([what, await act(actors[actor], person, deed, room)], [what, want])
          const after = want === 'ok' ? standingAfter(before, deed) : before
          t.equal(await roleOf(person, room), after, `${what}: afterwards`)
          if (after !== before) await restore(person, before, room)
        }
      }
    }
  })
}

t.test('a room never is without an owner', async (t) => {
  const room = await alice.makeRoom()
  const required = { status: 409, body: { error: { code: 'room.owner_required' } } }
  const params = { roomId: room.id, userId: alice.id }
  t.match(await call(alice, 'removeMember', { params }), required, 'not even when she is alone')
  await alice.add(room, bob, 'admin')
  t.match(await call(alice, 'removeMember', { params }), required)
  t.match(await call(alice, 'putMember', { params, body: { role: 'member' } }), required)
  const socket = await alice.connect()
  t.match(await socket.ask('room:leave', { roomId: room.id }), { ok: false, error: { code: 'room.owner_required' } })
  await alice.add(room, bob, 'owner')
  t.equal((await call(alice, 'putMember', { params, body: { role: 'member' } })).body.member.role, 'member')
  t.equal((await call(alice, 'removeMember', { params })).status, 204)
  t.match(await call(bob, 'removeMember', { params: { ...params, userId: bob.id } }), required)
})

t.test('what is so already makes no event, and every change makes one', async (t) => {
  const room = await alice.makeRoom()
  const put = (actor: Person, person: Person, role?: Role) =>
    call(actor, 'putMember', { params: { roomId: room.id, userId: person.id }, ...(role && { body: { role } }) })
  await put(bob, bob)
  await put(bob, bob)
  await put(bob.at(two), bob, 'member')
  await put(alice, bob)
  await put(alice, adam, 'admin')
  await put(alice.at(two), adam, 'admin')
  await put(adam, ben)
  await put(alice, ben, 'admin')
  await put(alice, alice)
  await call(bob, 'removeMember', { params: { roomId: room.id, userId: bob.id } })
  await call(adam, 'removeMember', { params: { roomId: room.id, userId: ben.id } })
  await put(bob, bob)
  const { events, lastSeq } = (await call(alice, 'readEvents', { params: { roomId: room.id } })).body
  t.equal(lastSeq, events.length)
  t.same(events.map(({ type, actorId, data }) => [type, actorId, data]), [
    ['member.joined', alice.id, { userId: alice.id, role: 'owner' }],
    ['member.joined', bob.id, { userId: bob.id, role: 'member' }],
    ['member.joined', alice.id, { userId: adam.id, role: 'admin' }],
    ['member.joined', adam.id, { userId: ben.id, role: 'member' }],
    ['member.changed', alice.id, { userId: ben.id, role: 'admin' }],
    ['member.left', bob.id, { userId: bob.id }],
    ['member.left', adam.id, { userId: ben.id }],
    ['member.joined', bob.id, { userId: bob.id, role: 'member' }]
  ])
  t.equal((await call(alice, 'getRoom', { params: { roomId: room.id } })).body.room.memberCount, 3)
})

t.test('many who join at once on two nodes are each in it once', async (t) => {
  const room = await alice.makeRoom()
  const all = [olga, adam, anna, bob, ben, mallory, carol]
  await Promise.all(all.flatMap((person) => [one, two].map((node) => call(person.at(node), 'putMember', { params: { roomId: room.id, userId: person.id } }))))
  const { events } = (await call(alice, 'readEvents', { params: { roomId: room.id } })).body
  t.same(events.map(({ seq }) => seq), [1, 2, 3, 4, 5, 6, 7, 8])
  t.same(new Set(events.map(({ data }) => 'userId' in data && data.userId)).size, 8)
  t.equal((await call(alice, 'getRoom', { params: { roomId: room.id } })).body.room.memberCount, 8)
})

t.test('members come in pages, each once', async (t) => {
  const room = await makeFullRoom('private')
  const everybody = [alice, olga, adam, anna, bob, ben].map(({ id }) => id).toSorted()
  for (const limit of [1, 4, 6, 500]) {
    const found: string[] = []
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { body } = await call(ben, 'listMembers', { params: { roomId: room.id }, query: { limit, ...(cursor && { cursor }) } })
      t.ok(body.members.length > 0 && body.members.length <= limit)
      found.push(...body.members.map(({ userId }) => userId))
      cursor = body.nextCursor
    }
    t.same(found.toSorted(), everybody)
  }
})

t.test('whoever is not there cannot be added, changed or removed', async (t) => {
  const room = await alice.makeRoom()
  const params = { roomId: room.id, userId: randomUUID() }
  t.match(await call(alice, 'putMember', { params }), { status: 404, body: { error: { code: 'user.not_found' } } })
  t.match(await call(alice, 'removeMember', { params }), { status: 404, body: { error: { code: 'user.not_found' } } })
  t.match(await call(mallory, 'putMember', { params }), { status: 403, body: { error: { code: 'request.forbidden' } } }, 'an outsider learns nothing')
})

t.test('every answer of these calls has been seen', async (t) => {
  t.same(unseenAnswers(['listMembers', 'putMember', 'removeMember']), [])
})
