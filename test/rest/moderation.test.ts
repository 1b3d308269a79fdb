import { randomUUID } from 'node:crypto'
import { untilLifted, type CallName, type Role, type Room } from '../../contract/index.ts'
import { call, unseenAnswers, type Asked } from '../contract/call.ts'
import type { Answer } from '../helpers/api.ts'
import { startNodes } from '../helpers/node.ts'
import { people, type Person } from '../helpers/person.ts'
import { t } from '../suite.ts'

const [one, two] = await startNodes(t, 2)
const [alice, olga, adam, anna, bob, ben, mallory, carol] =
  await people(one, 'alice', 'olga', 'adam', 'anna', 'bob', 'ben', 'mallory', 'carol')

type Standing = Role | 'outsider'
const actors: Record<Standing, Person> = { owner: alice, admin: adam, member: bob, outsider: mallory }
const others: Record<Standing, Person> = { owner: olga, admin: anna, member: ben, outsider: carol }
const standings = Object.keys(actors) as Standing[]
const later = '2999-01-01T00:00:00.000Z'

async function makeFullRoom (kind: 'public' | 'private'): Promise<Room> {
  const room = await alice.makeRoom({ kind })
  await alice.add(room, olga, 'owner')
  for (const person of [adam, anna]) await alice.add(room, person, 'admin')
  for (const person of [bob, ben]) await alice.add(room, person)
  return room
}

const ask = (actor: Person, name: CallName, { id: roomId }: Room, person?: Person, body?: object): Promise<Answer> => {
  const asked: Asked = { params: { roomId, ...(person && { userId: person.id }) } }
  return call(actor, name, body ? { ...asked, body } : asked)
}
const codeOf = ({ status, body }: Answer): string => status < 300 ? 'ok' : body.error.code
const refused = (message: RegExp) => ({ status: 403, body: { error: { code: 'request.forbidden', message, retryable: false } } })

/** What can be seen of a room by whoever made it. */
async function look (room: Room) {
  const answers = await Promise.all((['listMembers', 'listBans', 'readEvents'] as const).map((name) => ask(alice, name, room)))
  const { members, bans, events } = Object.assign({}, ...answers.map(({ body }) => body)) as Answer['body']
  return {
    inside: members.map(({ userId }) => userId),
    muted: members.filter(({ mutedUntil }) => mutedUntil).map(({ userId }) => userId),
    banned: bans.map(({ userId }) => userId),
    last: events.at(-1),
    lastSeq: events.length
  }
}

/** To whom of which standing each may do it; whoever is not named may not. Members' calls have a table of their own. */
const may: Record<'ban' | 'mute', Record<Standing, Standing[]>> = {
  ban: { owner: ['owner', 'admin', 'member', 'outsider'], admin: ['admin', 'member', 'outsider'], member: [], outsider: [] },
  mute: { owner: ['owner', 'admin', 'member'], admin: ['admin', 'member'], member: [], outsider: [] }
}

for (const kind of ['public', 'private'] as const) {
  const outside = kind === 'private' ? 'room.not_found' : 'request.forbidden'
  const expected = (deed: 'ban' | 'mute', actor: Standing, subject: Standing | 'self'): string => {
    if (actor === 'outsider') return outside
    if (subject === 'self') return 'request.forbidden'
    if (may[deed][actor].includes(subject)) return 'ok'
    return deed === 'mute' && subject === 'outsider' && actor !== 'member' ? 'user.not_found' : 'request.forbidden'
  }

  t.test(`in a ${kind} room, who may ban and mute whom, and lift it`, async (t) => {
    const room = await makeFullRoom(kind)
    for (const actor of standings) {
      for (const subject of [...standings, 'self'] as const) {
        const person = subject === 'self' ? actors[actor] : others[subject]
        const standing = subject === 'self' ? actor : subject
        // Not by themselves, and not by whom it may be about.
        const owner = person === alice ? olga : alice
        const what = `${actor} ${subject}`

        const muted = expected('mute', actor, subject)
        t.same([what, codeOf(await ask(actors[actor], 'muteMember', room, person))], [what, muted])
        if (standing !== 'outsider') {
          if (muted !== 'ok') await ask(owner, 'muteMember', room, person, { until: later })
          else t.match((await look(room)).last?.data, { userId: person.id, mutedUntil: untilLifted })
          t.same([what, codeOf(await ask(actors[actor], 'liftMute', room, person))], [what, muted])
        }
        const banned = expected('ban', actor, subject)
        t.same([what, codeOf(await ask(actors[actor], 'banUser', room, person))], [what, banned])

        const after = await look(room)
        const isOut = banned === 'ok' && standing !== 'outsider'
        t.same([what, after.muted], [what, muted === 'ok' || standing === 'outsider' || isOut ? [] : [person.id]])
        t.same([what, after.banned], [what, banned === 'ok' ? [person.id] : []])
        t.equal(after.inside.includes(person.id), standing !== 'outsider' && !isOut)
        if (isOut) t.match(after.last, { type: 'member.left', actorId: actors[actor].id, data: { userId: person.id } })
        if (banned === 'ok') t.equal(codeOf(await ask(actors[actor], 'liftBan', room, person)), 'ok')
        if (isOut) await owner.add(room, person, standing)
        if (standing !== 'outsider') await ask(owner, 'liftMute', room, person)
      }
    }
  })

  t.test(`in a ${kind} room, who may see and lift bans, change and delete it, and delete others' messages`, async (t) => {
    for (const actor of standings) {
      const room = await makeFullRoom(kind)
      const isManager = actor === 'owner' || actor === 'admin'
      const wanted = actor === 'outsider' ? outside : isManager ? 'ok' : 'request.forbidden'
      await ask(alice, 'banUser', room, carol, { reason: 'spam' })
      t.same([actor, codeOf(await ask(actors[actor], 'listBans', room))], [actor, wanted])
      t.same([actor, codeOf(await ask(actors[actor], 'liftBan', room, carol))], [actor, wanted])
      t.same((await look(room)).banned, isManager ? [] : [carol.id])
      t.same([actor, codeOf(await ask(actors[actor], 'changeRoom', room, undefined, { topic: 'Tea' }))], [actor, wanted])
      const { seq } = await olga.send(room, 'hello')
      const deleted = await call(actors[actor], 'deleteMessage', { params: { roomId: room.id, seq }, body: { id: randomUUID() } })
      t.same([actor, codeOf(deleted)], [actor, wanted])
      t.same([actor, codeOf(await ask(actors[actor], 'deleteRoom', room))], [actor, actor === 'admin' ? 'request.forbidden' : wanted])
    }
  })

  t.test(`whoever is banned from a ${kind} room comes in by no way, until it is lifted`, async (t) => {
    const room = await makeFullRoom(kind)
    await ask(alice, 'banUser', room, bob)
    const comes = (person: Person) => ask(person.at(two), 'putMember', room, bob)
    for (const manager of [alice, adam]) t.match(await comes(manager), refused(/lift the ban first/))
    t.match(await ask(alice, 'putMember', room, bob, { role: 'owner' }), refused(/lift the ban first/))
    if (kind === 'public') t.match(await comes(bob), refused(/You are banned/))
    else t.equal(codeOf(await comes(bob)), 'room.not_found', 'who learns nothing')
    t.match(await comes(ben), refused(/Only owners and admins/), 'and nothing is told to whom it does not concern')
    for (const name of ['getRoom', 'readEvents', 'listMessages', 'listBans'] as const) t.equal(codeOf(await ask(bob, name, room)), outside)
    await ask(adam, 'liftBan', room, bob)
    t.notOk((await look(room)).inside.includes(bob.id), 'nobody is brought in by it')
    t.equal(codeOf(await comes(kind === 'public' ? bob : adam)), 'ok')
  })
}

t.test('a ban says who, when and why; again, it makes no event and takes a new reason', async (t) => {
  const room = await makeFullRoom('public')
  const { ban } = (await ask(adam, 'banUser', room, bob, { reason: ' spam ' })).body
  t.match(ban, { userId: bob.id, user: { username: 'bob' }, bannedBy: adam.id, reason: 'spam' })
  const { lastSeq, last } = await look(room)
  t.equal(ban.bannedAt, last?.at)
  t.same((await ask(alice.at(two), 'banUser', room, bob)).body.ban, ban)
  t.same((await ask(alice, 'banUser', room, bob, { reason: 'much spam' })).body.ban, { ...ban, reason: 'much spam' })
  t.same((await ask(anna, 'listBans', room)).body, { bans: [{ ...ban, reason: 'much spam' }], nextCursor: null })
  for (let count = 0; count < 2; count++) t.equal((await ask(alice, 'liftBan', room, bob)).status, 204)
  t.equal((await look(room)).lastSeq, lastSeq)
  const nobody = { params: { roomId: room.id, userId: randomUUID() } }
  for (const name of ['banUser', 'liftBan', 'muteMember', 'liftMute'] as const) t.equal(codeOf(await call(alice, name, nobody)), 'user.not_found')
})

t.test('bans come in pages, each once', async (t) => {
  const room = await alice.makeRoom()
  const all = [olga, adam, anna, bob, ben, mallory, carol]
  for (const person of all) await ask(alice, 'banUser', room, person)
  for (const limit of [1, 3, 7]) {
    const found: string[] = []
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { body } = await call(alice, 'listBans', { params: { roomId: room.id }, query: { limit, ...(cursor && { cursor }) } })
      found.push(...body.bans.map(({ userId }) => userId))
      cursor = body.nextCursor
    }
    t.same(found, all.map(({ id }) => id).toSorted())
  }
})

t.test('whoever is muted reads, leaves and takes back, and says nothing; the log tells of it once', async (t) => {
  const room = await makeFullRoom('public')
  const mine = await bob.send(room, 'mine')
  const ofMine = { roomId: room.id, seq: mine.seq }
  const { member } = (await ask(adam, 'muteMember', room, bob, { until: '2999-01-01T02:00:00+02:00' })).body
  t.match(member, { userId: bob.id, role: 'member', mutedUntil: later })
  t.same((await ask(adam.at(two), 'muteMember', room, bob, { until: later })).body.member, member)
  t.match((await look(room)).last, { seq: mine.seq + 1, type: 'member.changed', actorId: adam.id, data: { userId: bob.id, role: 'member', mutedUntil: later } })

  const mutedTill = refused(/^You are muted in this room until 2999-01-01T00:00:00.000Z\.$/)
  for (const node of [one, two]) {
    const answer = await ask(bob.at(node), 'sendMessage', room, undefined, { id: randomUUID(), text: 'hello?' })
    t.match(answer, mutedTill)
    t.notOk('retryAfterMs' in answer.body.error)
    t.match(await call(bob.at(node), 'editMessage', { params: ofMine, body: { id: randomUUID(), text: 'changed' } }), mutedTill)
  }
  t.match(await ask(bob, 'sendMessage', room, undefined, { id: mine.id, text: 'mine' }), { status: 200, body: { message: { seq: mine.seq } } }, 'what was sent is sent')
  for (const name of ['getRoom', 'readEvents', 'listMessages', 'listMembers'] as const) t.equal(codeOf(await ask(bob, name, room)), 'ok')
  t.equal((await ask(bob, 'markRead', room, undefined, { seq: mine.seq + 1 })).body.readSeq, mine.seq + 1)
  t.equal(codeOf(await call(bob, 'deleteMessage', { params: ofMine, body: { id: randomUUID() } })), 'ok')

  t.equal((await ask(alice, 'muteMember', room, bob)).body.member.mutedUntil, untilLifted)
  t.match(await ask(bob, 'sendMessage', room, undefined, { id: randomUUID(), text: 'x' }), refused(/until somebody lifts it\.$/))
  t.equal((await ask(adam, 'liftMute', room, bob)).body.member.mutedUntil, null)
  const { lastSeq } = await look(room)
  t.equal((await ask(adam, 'liftMute', room, bob)).body.member.mutedUntil, null)
  t.equal((await look(room)).lastSeq, lastSeq, 'what is so already makes no event')
  await bob.send(room, 'at last')
})

t.test('a time that is past, or none, is refused', async (t) => {
  const room = await makeFullRoom('public')
  for (const until of ['2020-01-01T00:00:00.000Z', new Date().toISOString(), '2999-01-01T23:59:60Z', '2999-01-01', 'tomorrow', '', 7, null]) {
    const { body } = await ask(alice, 'muteMember', room, bob, { until })
    t.match(body.error, { code: 'request.invalid', details: [{ path: '/until' }] }, String(until))
  }
  t.same((await look(room)).muted, [])
  t.equal((await ask(alice, 'muteMember', room, bob, { until: '9999-12-31T23:59:59.999-12:00' })).body.member.mutedUntil, untilLifted)
})

t.test('nothing washes a mute off: leaving, a removal, a ban, another role', async (t) => {
  const room = await makeFullRoom('public')
  await ask(alice, 'muteMember', room, bob, { until: later })
  const goings: Array<() => Promise<unknown>> = [
    () => bob.leave(room),
    () => adam.remove(room, bob),
    async () => {
      await ask(alice, 'banUser', room, bob)
      await ask(alice, 'liftBan', room, bob)
    }
  ]
  for (const go of goings) {
    await go()
    t.equal(codeOf(await ask(alice, 'liftMute', room, bob)), 'user.not_found')
    t.match((await ask(bob, 'putMember', room, bob)).body.member, { role: 'member', mutedUntil: later })
    t.match((await look(room)).last, { type: 'member.joined', data: { userId: bob.id, role: 'member', mutedUntil: later } })
    t.equal(codeOf(await ask(bob, 'sendMessage', room, undefined, { id: randomUUID(), text: 'x' })), 'request.forbidden')
  }
  t.match((await ask(alice, 'putMember', room, bob, { role: 'admin' })).body.member, { role: 'admin', mutedUntil: later })
  t.same((await look(room)).last?.data, { userId: bob.id, role: 'admin' }, 'of which an old client hears as ever')
  t.equal(codeOf(await ask(bob, 'liftMute', room, bob)), 'request.forbidden', 'nor oneself')
  t.equal((await bob.patch(`/rooms/${room.id}`, { name: 'what bob has to say' })).body.error.code, 'request.forbidden', 'nor by the name of the room')
  await ask(alice, 'liftMute', room, bob)
  await bob.leave(room)
  await bob.join(room)
  t.match((await look(room)).last?.data, { userId: bob.id, role: 'member', mutedUntil: undefined })
  await bob.send(room, 'free')
})

t.test('in a direct room nobody bans or mutes', async (t) => {
  const { room } = (await call(alice, 'openDirectRoom', { body: { userId: bob.id } })).body
  for (const name of ['banUser', 'liftBan', 'muteMember', 'liftMute'] as const) {
    for (const person of [alice, bob, carol]) t.match(await ask(alice, name, room, person), refused(/direct room/))
    t.equal(codeOf(await ask(mallory, name, room, bob)), 'room.not_found')
  }
  t.equal(codeOf(await ask(alice, 'listBans', room)), 'request.forbidden')
  t.equal((await ask(alice, 'readEvents', room)).body.lastSeq, 2)
})

t.test('every answer of these calls has been seen', async (t) => {
  t.same(unseenAnswers(['listBans', 'banUser', 'liftBan', 'muteMember', 'liftMute']), [])
})
