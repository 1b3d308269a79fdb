import { randomUUID } from 'node:crypto'
import type { RoomEvent } from '../../contract/index.ts'
import { checkHistory, type ViolationKind } from '../../load/prove/check/index.ts'
import type { Frame, History } from '../../load/prove/history.ts'
import type { Truth } from '../../load/prove/truth.ts'
import { t } from '../suite.ts'
import { SmallWorld } from './world.ts'

const kindsOf = (history: History, truth: Truth): ViolationKind[] => [...new Set(checkHistory(history, truth).map(({ kind }) => kind))].sort()

function conversation () {
  const world = new SmallWorld()
  const { alice, bob, carol } = world
  const said = ['one', 'two', 'three', 'four'].map((text, index) => world.send(index % 2 === 0 ? alice : bob, text)) as [RoomEvent, RoomEvent, RoomEvent, RoomEvent]
  return { world, alice, bob, carol, said }
}

t.test('a right history passes, whichever way it was seen', async (t) => {
  const { world, alice, bob, carol, said } = conversation()
  const heard = [...world.events]
  const edited = world.edit(said[0], 'one and a half')
  const deleted = world.delete(said[1])
  const all = [...heard, edited, deleted]
  const late = world.client('carol', carol, [world.ready(4), world.live(world.events[4] as RoomEvent), world.synced(0, world.events.slice(0, 5), 5), world.live(...world.events.slice(5))], world.events)
  t.same(checkHistory(world.history(world.bare('alice', alice, all), world.sdk('bob', bob, all), late), world.truth), [])
})

t.test('whoever leaves and comes back may see everything', async (t) => {
  const { world, alice, carol } = conversation()
  const before = [...world.events]
  const left = world.leave(carol)
  const unseen = world.send(alice, 'while you were away')
  const back = world.join(carol)
  const after = world.send(alice, 'welcome back')
  const frames = [world.ready(0), world.live(...before), world.left(), world.joined(back.seq), world.synced(7, [left, unseen, back], back.seq), world.live(after)]
  t.same(checkHistory(world.history(world.client('carol', carol, frames, world.events)), world.truth), [])
})

t.test('an acked message that is not in the database is lost', async (t) => {
  const { world } = conversation()
  const { truth } = world
  const room = truth.get(world.roomId)
  room?.events.pop()
  if (room) room.lastSeq--
  t.same(kindsOf(world.history(), truth), ['lost'])
})

t.test('an ack that speaks of another place is found', async (t) => {
  const { world } = conversation()
  const outcome = world.commands[0]?.attempts[0]?.outcome
  if (outcome?.ok) outcome.seq = 7
  t.same(kindsOf(world.history(), world.truth), ['lost', 'reordered'])
})

t.test('a retry that made a second message is found', async (t) => {
  const { world, said } = conversation()
  const copy = { ...said[3], seq: world.events.length + 1 }
  world.events.push(copy)
  t.same(kindsOf(world.history(), world.truth), ['doubled'], 'by the same id')
  world.commands[3]?.attempts.push({ at: 0, via: 'rest', outcome: { at: 0, ok: true, seq: copy.seq, text: 'four' } })
  t.match(checkHistory(world.history(), world.truth).map(({ sentence }) => sentence), [/stands 2 times/, /acked as seq 7 and as seq 8/])
})

t.test('a message that was acked with another text is found', async (t) => {
  const { world } = conversation()
  const outcome = world.commands[0]?.attempts[0]?.outcome
  if (outcome?.ok) outcome.text = 'won'
  t.same(kindsOf(world.history(), world.truth), ['changed'])
})

t.test('a message that stands with another text is found, also by those who saw the right one', async (t) => {
  const { world, alice, said } = conversation()
  const bare = world.bare('alice', alice)
  world.events[3] = { ...said[0], data: { text: 'won' } } as RoomEvent
  t.same(kindsOf(world.history(bare), world.truth), ['changed', 'diverged'])
})

t.test('a message that nobody sent is found', async (t) => {
  const { world } = conversation()
  world.commands.pop()
  t.same(kindsOf(world.history(), world.truth), ['invented'])
})

t.test('a command that was refused for good and done all the same is found', async (t) => {
  const { world } = conversation()
  const [attempt] = world.commands[2]?.attempts ?? []
  if (attempt) attempt.outcome = { at: 0, ok: false, code: 'room.not_found', mayBeDone: false }
  t.same(kindsOf(world.history(), world.truth), ['refused'])
})

t.test('an internal error that a client was shown is found', async (t) => {
  const { world } = conversation()
  world.commands[2]?.attempts.unshift({ at: 0, via: 'rest', outcome: { at: 0, ok: false, code: 'server.error', mayBeDone: true } })
  t.same(kindsOf(world.history(), world.truth), ['serverError'])
})

t.test('a hole in the database\'s own log is found', async (t) => {
  const { world } = conversation()
  const last = world.events.at(-1) as RoomEvent
  world.events[world.events.length - 1] = { ...last, seq: last.seq + 1 }
  t.ok(kindsOf(world.history(), world.truth).includes('gap'))
})

t.test('commands of one connection that stand in another order than they were sent are found', async (t) => {
  const world = new SmallWorld()
  world.send(world.alice, 'one')
  world.send(world.alice, 'two')
  world.commands.reverse()
  t.same(kindsOf(world.history(), world.truth), ['reordered'])
  for (const { attempts: [attempt] } of world.commands) if (attempt) attempt.connectionId = randomUUID()
  t.same(kindsOf(world.history(), world.truth), [], 'two connections promise nothing')
})

t.test('what goes wrong on a connection is found, though the client mends it', async (t) => {
  const { world, bob, said: [one, two, three, four] } = conversation()
  const spoilt: Record<string, [ViolationKind, Frame[]]> = {
    'a gap': ['gap', [world.ready(4), world.live(two, four)]],
    'a repeat': ['repeated', [world.ready(4), world.live(two, three), world.live(three, four)]],
    'another order': ['reordered', [world.ready(3), world.live(one, three, two, four)]],
    'an event from before the beginning': ['reordered', [world.ready(5), world.live(one), world.live(three, four)]],
    'a room that was never introduced': ['unannounced', [world.live(one, two, three, four)]],
    'a sync with a hole': ['gap', [world.ready(7), world.synced(3, [one, three, four], 7)]],
    'a sync that ends too early': ['sync', [world.ready(7), world.synced(3, [one, two], 5)]],
    'a sync that stops short of its own end': ['sync', [world.ready(7), world.synced(3, [one, two], 7)]],
    'a sync that is ahead of what came live': ['sync', [world.ready(5), world.synced(3, [one, two, three, four], 7)]],
    'another life of the log': ['reset', [world.joined(7, randomUUID())]]
  }
  for (const [name, [kind, frames]] of Object.entries(spoilt)) {
    const client = world.client('bob', bob, frames, world.events)
    t.ok(kindsOf(world.history(client), world.truth).includes(kind), name)
  }
})

t.test('a log that the SDK hands over wrongly is found', async (t) => {
  const { world, bob } = conversation()
  const { events } = world
  const [first, second, ...rest] = events as [RoomEvent, RoomEvent, ...RoomEvent[]]
  const check = (given: RoomEvent[]) => kindsOf(world.history(world.sdk('bob', bob, given)), world.truth)
  t.same(check([first, second, second, ...rest]), ['repeated'])
  t.same(check([second, first, ...rest]), ['gap', 'reordered'])
  t.same(check([first, ...rest]), ['gap'])
  t.same(check(events.slice(0, -1)), ['incomplete'])
  t.same(check([...events, { ...events.at(-1) as RoomEvent, seq: events.length + 1 }]), ['diverged'])
  const reset = { ...world.sdk('bob', bob), resets: [{ at: 0, roomId: world.roomId }] }
  t.same(kindsOf(world.history(reset), world.truth), ['reset'])
})

t.test('members who read different things are found', async (t) => {
  const { world, alice, bob, said: [one] } = conversation()
  const other = world.events.map((event) => event === one ? { ...one, data: { text: 'something else' } } as RoomEvent : event)
  t.same(kindsOf(world.history(world.bare('alice', alice), world.sdk('bob', bob, other)), world.truth), ['diverged'])
  const others = world.events.map((event) => event === one ? { ...one, id: randomUUID() } : event)
  t.same(kindsOf(world.history(world.sdk('bob', bob, others)), world.truth), ['diverged'])
})

t.test('an edit that somebody did not get is found by what the message reads in the end', async (t) => {
  const { world, alice, said: [one] } = conversation()
  const edited = world.edit(one, 'one and a half')
  const blank = { ...edited, data: { ...edited.data, text: null } } as RoomEvent
  const heard = [...world.events.slice(0, 3), one, ...world.events.slice(4, -1), blank]
  t.same(kindsOf(world.history(world.bare('alice', alice, heard)), world.truth), ['diverged'])
})

t.test('a text that comes back after the message was deleted is found', async (t) => {
  const { world, alice, said: [one] } = conversation()
  world.delete(one)
  const { truth } = world
  truth.get(world.roomId)?.texts.set(one.seq, 'one')
  t.same(kindsOf(world.history(world.bare('alice', alice)), truth), ['diverged'])
})
