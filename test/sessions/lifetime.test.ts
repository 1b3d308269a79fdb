import { retry } from '../../cluster/retry.ts'
import { createSessions } from '../../domain/sessions.ts'
import { isDue, movedOn, toSession, type LiveSession, type SessionStore } from '../../domain/session.ts'
import { startNode, startNodes, type TestNode } from '../helpers/node.ts'
import { person, type Person } from '../helpers/person.ts'
import { t } from '../suite.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

async function liveSession (node: TestNode, person: Person): Promise<LiveSession> {
  const live = (await node.app.readSession(person.jar.header))?.session
  if (!live) throw new Error(`${person.username} has no live session.`)
  return live
}

/** Puts the clock of one session back: as if all that happened to it had happened so much earlier. */
async function age (node: TestNode, person: Person, byMs: number): Promise<void> {
  const { commands, name } = node.app.redis
  const live = await liveSession(node, person)
  const { sid, ...record } = live
  const aged = { ...record, createdAt: live.createdAt - byMs, lastSeenAt: live.lastSeenAt - byMs, expiresAt: live.expiresAt - byMs }
  await commands.set(name('session', `{${sid}}`), JSON.stringify(aged), 'PXAT', aged.expiresAt)
  await commands.zadd(name('sessions-of', live.userId), aged.createdAt, sid)
}

function within (timestamp: string, expectedMs: number): boolean {
  return Math.abs(Date.parse(timestamp) - expectedMs) < 30_000
}

t.test('scenario 1: REST on any node and a socket are told the same session and the same end of it', async (t) => {
  const [here, there] = await startNodes(t, 2)
  const alice = await person(here, 'alice')

  const { body: { session } } = await alice.get('/auth/user')
  const live = (await there.app.readSession(alice.jar.header))?.session

  t.same(live && toSession(live, true), session)
  for (const device of [alice, alice.at(there)]) t.same((await device.get('/auth/user')).body.session, session)
  t.ok(within(session.expiresAt, Date.now() + 7 * dayMs))
})

t.test('a session in use moves on now and then, up to its absolute end', async (t) => {
  const [here, there] = await startNodes(t, 2)
  const alice = await person(here, 'alice')

  await age(here, alice, 2 * hourMs)
  const [one, other] = await Promise.all([alice, alice.at(there)].map(async (device) => (await device.get('/auth/user')).body.session))
  t.same(one, other, 'of two that move it on at once, both say the same')
  t.ok(within(one?.lastSeenAt ?? '', Date.now()))
  t.ok(within(one?.expiresAt ?? '', Date.now() + 7 * dayMs))

  for (const day of [5, 10, 15, 20, 25]) {
    await age(here, alice, 5 * dayMs)
    t.equal((await alice.get('/auth/user')).status, 200, `in use on day ${day}`)
  }
  const { body: { session } } = await alice.get('/auth/user')
  t.ok(within(session.expiresAt, Date.parse(session.createdAt) + 30 * dayMs), 'no further than 30 days')
})

t.test('scenario 6: an expired session is gone: for REST, for sockets, from the list and from Redis', async (t) => {
  const node = await startNode(t, { SESSION_IDLE_SECONDS: 3 })
  const [alice, phone] = [await person(node, 'alice'), await person(node, 'alice')]
  const live = await liveSession(node, alice)
  const wait = { timeoutMs: 15_000, everyMs: 50 }

  await retry(async () => {
    // The phone is in use, which alice's laptop is not.
    t.equal((await phone.get('/auth/user')).status, 200)
    if (await node.app.readSession(alice.jar.header)) throw new Error('The session lives on.')
  }, wait)

  t.equal((await alice.get('/auth/user')).body.error.code, 'session.required')
  t.equal((await phone.get('/auth/sessions')).body.sessions.length, 1, 'what is in use lives on')
  t.equal(await node.app.redis.commands.exists(node.app.redis.name('session', `{${live.sid}}`)), 0)
  t.match(await node.app.domain.sessions.checkAlive([live]), { alive: [], ended: [{ id: live.id, reason: 'expired' }] })
})

t.test('the list of devices stays true, and stays short, when sessions expire by themselves', async (t) => {
  const node = await startNode(t)
  const [laptop, phone, tablet] = [await person(node, 'alice'), await person(node, 'alice'), await person(node, 'alice')]
  const { commands, name } = node.app.redis
  const key = name('sessions-of', laptop.id)
  const expire = async (device: Person) => {
    await age(node, device, 5 * 60_000)
    const { sid } = await liveSession(node, device)
    await commands.del(name('session', `{${sid}}`))
  }

  await expire(phone)
  t.equal(await commands.zcard(key), 3)
  t.equal((await laptop.get('/auth/sessions')).body.sessions.length, 2)
  t.equal(await commands.zcard(key), 2, 'the one that was not found is not looked for again')

  await expire(tablet)
  await commands.zadd(key, Date.now() - 31 * dayMs, 'of another age')
  await person(node, 'alice')
  t.equal((await laptop.get('/auth/sessions')).body.sessions.length, 2)
  t.equal(await commands.zcard(key), 2)
})

t.test('a session that is not saved yet is not taken for one that has expired', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const { sessions } = node.app.domain
  const session = await sessions.begin({ sid: 'not saved yet', userId: alice.id, generation: 0, ip: null, userAgent: null })

  t.equal((await alice.get('/auth/sessions')).body.sessions.length, 1)

  t.same((await node.app.redis.commands.zrange(node.app.redis.name('sessions-of', alice.id), '0', '-1')).includes(session.sid), true)
})

t.test('many sessions are looked after at once: which live, until when, and why the others ended', async (t) => {
  const node = await startNode(t)
  const { sessions } = node.app.domain
  const [laptop, phone, tablet, lamp] = [
    await person(node, 'alice'), await person(node, 'alice'), await person(node, 'alice'), await person(node, 'alice')
  ]
  await age(node, phone, 2 * hourMs)
  const [used, idle, out, lost] = await Promise.all([laptop, phone, tablet, lamp].map((device) => liveSession(node, device))) as
    [LiveSession, LiveSession, LiveSession, LiveSession]
  await tablet.post('/auth/logout')
  await node.app.redis.commands.del(node.app.redis.name('session', `{${lost.sid}}`))

  const { alive, ended } = await sessions.checkAlive([used, idle, out, lost])

  t.same(alive.map(({ id }) => id), [used.id, idle.id])
  t.same(alive[0], used)
  t.ok((alive[1]?.lastSeenAt ?? 0) > idle.lastSeenAt, 'a live socket counts as use')
  t.same(ended, [{ id: out.id, userId: out.userId, reason: 'logout' }, { id: lost.id, userId: lost.userId, reason: 'expired' }])
  t.same(await sessions.findEnded([used, idle, out, lost]), [{ id: out.id, userId: out.userId, reason: 'logout' }])
  t.same(await sessions.checkAlive([]), { alive: [], ended: [] })
  t.same(await sessions.findEnded([]), [])
})

t.test('sessions that are far from their end are looked for by one command, and one by one where their keys lie apart', async (t) => {
  const node = await startNode(t)
  const devices = [await person(node, 'alice'), await person(node, 'alice')]
  const live = await Promise.all(devices.map((device) => liveSession(node, device)))
  const { commands } = node.app.redis
  const { pexpiretime, exists } = commands
  t.teardown(() => Object.assign(commands, { pexpiretime, exists }))
  let asked = 0
  Object.assign(commands, { pexpiretime (key: string) { asked++; return pexpiretime.call(commands, key) } })

  t.same(await node.app.domain.sessions.checkAlive(live), { alive: live, ended: [] })
  t.equal(asked, 0)

  Object.assign(commands, { exists: () => Promise.reject(new Error('CROSSSLOT Keys in request do not hash to the same slot')) })
  t.same(await node.app.domain.sessions.checkAlive(live), { alive: live, ended: [] })
  t.equal(asked, 2)

  const soon = live.map((session) => ({ ...session, expiresAt: Date.now() + 1000 }))
  Object.assign(commands, { exists })
  t.same(await node.app.domain.sessions.checkAlive(soon), { alive: live, ended: [] }, 'used elsewhere, they live longer')
  t.equal(asked, 4)
})

t.test('how a session moves on', (t) => {
  const lifetimes = { idleMs: 1000, maxMs: 2500 }
  const session = { id: 's', userId: 'u', generation: 0, createdAt: 0, lastSeenAt: 0, expiresAt: 1000, ip: null, userAgent: null }

  t.equal(isDue(session, lifetimes, 99), false)
  t.equal(isDue(session, lifetimes, 100), true)
  t.equal(isDue(session, { idleMs: 7 * dayMs, maxMs: 30 * dayMs }, hourMs - 1), false)
  t.equal(isDue(session, { idleMs: 7 * dayMs, maxMs: 30 * dayMs }, hourMs), true)
  t.match(movedOn(session, lifetimes, 100), { lastSeenAt: 100, expiresAt: 1100, createdAt: 0 })
  t.match(movedOn(session, lifetimes, 2000), { lastSeenAt: 2000, expiresAt: 2500 })
  t.end()
})

t.test('what is left untidy after a session has ended is reported, and it has ended', async (t) => {
  const node = await startNode(t)
  const alice = await person(node, 'alice')
  const live = await liveSession(node, alice)
  const reported: unknown[] = []
  const store = Object.assign(Object.create(node.app.sessionStore) as SessionStore, { end: () => Promise.reject(new Error('away')) })
  const sessions = createSessions({
    sql: node.app.database.sql, store, lifetimes: node.app.sessionLifetimes, mostPerUser: 100, report: (error) => { reported.push(error) }
  })

  await sessions.logout(live)

  t.match(reported, [{ message: 'away' }])
  t.equal((await alice.get('/auth/user')).body.error.code, 'session.required')
})

t.test('rows of revocations go when they have done their work', async (t) => {
  const node = await startNode(t)
  const { sql } = node.app.database
  const [alice, bob] = [await person(node, 'alice'), await person(node, 'bob')]
  await alice.post('/auth/logout')
  t.equal((await sql`select from revocations where until between now() + interval '29 days' and now() + interval '31 days'`).length, 1)

  await sql`update revocations set until = now() - interval '1 second'`
  await bob.post('/auth/logout')

  t.same(await sql`select user_id from revocations`, [{ user_id: bob.id }])
})
