import { randomUUID } from 'node:crypto'
import { calls, commands, type Call, type CallName, type CommandName } from '../../contract/index.ts'
import { startNodes } from '../helpers/node.ts'
import { people, stranger } from '../helpers/person.ts'
import { t } from '../suite.ts'
import { call, type Asked } from './call.ts'
import { checkFailure } from './checks.ts'
import { makeLeast, makeSample, mentions, type Schema } from './samples.ts'

/** What somebody outside may do to a public room, and why. */
const openToOutsiders: Record<string, string> = {
  'room:join': 'this is how one comes in'
}

const [one, two] = await startNodes(t, 2)
const [alice, bob, mallory] = await people(one, 'alice', 'bob', 'mallory')
const rooms = {
  private: await alice.makeRoom({ kind: 'private' }),
  public: await alice.makeRoom({ kind: 'public' }),
  direct: (await alice.post('/rooms/direct', { userId: bob.id })).body.room
}
const refusals = { private: 'room.not_found', public: 'request.forbidden', direct: 'room.not_found' }
const kinds = ['private', 'public', 'direct'] as const
for (const kind of kinds) await alice.send(rooms[kind], 'a secret')
const nowhere = randomUUID()

const allCalls = Object.entries(calls as Record<string, Call>) as Array<[CallName, Call]>
const allCommands = Object.entries(commands as Record<string, { payload: object }>) as Array<[CommandName, { payload: Schema }]>
const inRooms = allCalls.filter(([, { params }]) => mentions(params, 'roomId'))
const commandsInRooms = allCommands.filter(([, { payload }]) => mentions(payload, 'roomId'))

function ask ({ params, query, body }: Call, known: object): Asked {
  return {
    ...(params && { params: makeSample(params, { ...known }) as Asked['params'] }),
    ...(query && { query: makeLeast(query) }),
    ...(body && { body: makeSample(body, { ...known }) })
  }
}

const knownIn = (roomId: string) => ({ roomId, userId: bob.id, seq: 2, replyTo: 2, after: 0, role: 'member' })

/** What a member can see of the rooms, without what changes by looking. */
async function look (): Promise<unknown> {
  return await Promise.all(kinds.map(async (kind) => (await alice.get(`/rooms/${rooms[kind].id}/events?limit=500`)).body))
}
const before = await look()

t.test('every call of the contract is there', async (t) => {
  const missing = allCalls.filter(([, { method, path }]) => !one.app.hasRoute({ method, url: `/api${path}` }))
  t.same(missing.map(([name]) => name), [])
  t.ok(inRooms.length >= 12)
})

t.test('every call that is not open refuses a stranger, with and without a cookie', async (t) => {
  const forged = stranger(two)
  forged.jar.keep(new Headers({ 'set-cookie': `sid=${randomUUID()}.forged` }))
  for (const [name, what] of allCalls) {
    if (what.open) continue
    for (const somebody of [stranger(one), forged]) {
      const { status, body } = await call(somebody, name, ask(what, knownIn(rooms.public.id)))
      t.same([name, status, body.error.code], [name, 401, 'session.required'])
    }
  }
})

t.test('only ways in are open', async (t) => {
  const ways = [
    'register', 'login', 'listMethods', 'beginOidc', 'finishOidc',
    // With the token of a link, or to be sent one.
    'requestRecovery', 'confirmRecovery', 'confirmEmail'
  ]
  t.same(allCalls.filter(([, { open }]) => open).map(([name]) => name).toSorted(), ways.toSorted())
})

for (const kind of kinds) {
  t.test(`every call about a ${kind} room refuses whoever is not in it`, async (t) => {
    for (const [name, what] of inRooms) {
      for (const node of [one, two]) {
        const { body } = await call(mallory.at(node), name, ask(what, knownIn(rooms[kind].id)))
        t.same([name, body.error?.code], [name, refusals[kind]])
      }
    }
  })

  t.test(`scenario 16: every command about a ${kind} room refuses whoever is not in it`, async (t) => {
    const socket = await mallory.at(two).connect()
    for (const [name, { payload }] of commandsInRooms) {
      if (kind === 'public' && name in openToOutsiders) continue
      const { ok, ...failure } = await socket.send(name, makeSample(payload, knownIn(rooms[kind].id)))
      t.equal(ok, false, name)
      t.equal(checkFailure(failure), undefined)
      t.same([name, failure.error?.code], [name, refusals[kind]])
    }
    t.same(socket.received.map(({ event }) => event), ['session:ready'], 'and tells nothing')
    socket.close()
  })
}

t.test('a room that does not exist is like a private one', async (t) => {
  const socket = await alice.connect()
  for (const [name, what] of inRooms) {
    const { body } = await call(alice, name, ask(what, knownIn(nowhere)))
    t.same([name, body.error.code], [name, 'room.not_found'])
  }
  for (const [name, { payload }] of commandsInRooms) {
    const { error } = await socket.send(name, makeSample(payload, knownIn(nowhere)))
    t.same([name, error?.code], [name, 'room.not_found'])
  }
})

t.test('whoever has left a room is outside, on sockets that were in it too', async (t) => {
  const left = await alice.makeRoom({ kind: 'private' })
  await alice.add(left, mallory)
  const socket = await mallory.at(two).connect()
  await mallory.leave(left)
  await socket.next('room:left')
  for (const [name, { payload }] of commandsInRooms) {
    const { error } = await socket.send(name, makeSample(payload, knownIn(left.id)))
    t.same([name, error?.code], [name, 'room.not_found'])
  }
  for (const [name, what] of inRooms) {
    t.equal((await call(mallory, name, ask(what, knownIn(left.id)))).body.error.code, 'room.not_found', name)
  }
})

t.test('nothing of all this has left a trace', async (t) => {
  t.same(await look(), before)
  t.same((await mallory.get('/rooms')).body.rooms, [])
})
