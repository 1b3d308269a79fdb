import type { RoomEvent } from '../../contract/index.ts'
import { applyEvents, emptyView, openTimeline } from '../../sdk/index.ts'
import { startNodes } from '../helpers/node.ts'
import { t } from '../suite.ts'
import { signedIn, Watcher } from './helpers.ts'
import { createRandom } from './log-world.ts'

t.test('the events make the messages that the server has, in whatever order they come', async (t) => {
  const [one, two] = await startNodes(t, 2)
  const alice = await signedIn(t, one.url, 'alice')
  const bob = await signedIn(t, two.url, 'bob')
  const seen = new Watcher(bob)
  const hers = await alice.rooms.make({ name: 'Kitchen', kind: 'public' })
  const his = await bob.rooms.join(hers.id)
  const timeline = openTimeline(his, bob.id)
  t.teardown(() => { timeline.close() })
  const random = createRandom(7)
  const any = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const sent = [await hers.send('one, @bob'), await his.send('two'), await hers.send('three', { replyTo: 3 }), await his.send('four')]
  const attempts: Array<Promise<unknown>> = []
  for (let step = 0; step < 80; step++) {
    const [message, room, action] = [any(sent), any([hers, his]), random()]
    if (action < 0.25) attempts.push((message.authorId === alice.id ? hers : his).edit(message.seq, `edit ${step}${step % 2 ? ' @bob @alice' : ''}`))
    else if (action < 0.7) attempts.push(room.react(message.seq, any(['👍', '🎉', '🌶'])))
    else if (action < 0.97) attempts.push(room.unreact(message.seq, any(['👍', '🎉', '🌶'])))
    else attempts.push(hers.delete(message.seq))
  }
  await Promise.allSettled(attempts)
  await hers.send('the end')
  const { lastSeq } = await bob.call('readEvents', { params: { roomId: hers.id }, query: { after: 0, limit: 1 } })
  await seen.caughtUp(hers.id, lastSeq)

  const { messages } = await bob.call('listMessages', { params: { roomId: hers.id }, query: { limit: 100 } })
  t.ok(messages.some(({ editedAt }) => editedAt) && messages.some(({ reactions }) => reactions.length > 1))
  const live = seen.log(hers.id)
  t.same(applyEvents(emptyView(bob.id), live).messages, messages, 'as they came live')
  const { events } = await bob.call('readEvents', { params: { roomId: hers.id }, query: { after: 0, limit: 500 } })
  t.same(applyEvents(emptyView(bob.id), events).messages, messages, 'as they are read later, without older texts')
  const shuffled = [...live, ...events].map((event) => ({ event, at: random() })).sort((a, b) => a.at - b.at).map(({ event }) => event)
  t.same(applyEvents(emptyView(bob.id), shuffled).messages.map(({ text, mentions, ...rest }) => rest), messages.map(({ text, mentions, ...rest }) => rest))
  t.same(timeline.messages, messages)
})

t.test('what did not change is the same object as before', async (t) => {
  const event = (seq: number, type: string, data: object) => ({ roomId: 'r', seq, id: `${seq}`, type, actorId: 'a', at: '', data }) as RoomEvent
  const before = applyEvents(emptyView('a'), [event(1, 'message.sent', { text: 'one' }), event(2, 'message.sent', { text: 'two' })])
  const after = applyEvents(before, [event(3, 'reaction.added', { seq: 2, emoji: '👍' })])
  t.equal(after.messages[0], before.messages[0])
  t.match(after.messages[1], { seq: 2, reactions: [{ emoji: '👍', count: 1, mine: true }] })
  t.equal(applyEvents(after, [event(4, 'member.joined', { userId: 'b', role: 'member' })]), after)
  t.same(before.messages[1]?.reactions, [])
})

t.test('a timeline begins now and grows backwards, edits and reactions included', async (t) => {
  const [one] = await startNodes(t, 1)
  const alice = await signedIn(t, one.url, 'alice', { startAt: 'now' })
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'public' })
  const first = await room.send('first')
  for (let number = 0; number < 30; number++) await room.send(`message ${number}`)
  await room.edit(first.seq, 'first, edited')
  const timeline = openTimeline(room, alice.id)
  t.same([timeline.messages, timeline.hasBefore], [[], true])
  await room.react(first.seq, '👍')
  const changed = new Promise((resolve) => { timeline.on('messages', resolve) })
  await Promise.all([timeline.loadBefore(10), timeline.loadBefore(10)])
  await changed
  t.equal(timeline.messages.at(-1)?.text, 'message 29')
  t.ok(timeline.messages.length < 12, 'one page')
  while (timeline.hasBefore) await timeline.loadBefore(10)
  const { messages } = await alice.call('listMessages', { params: { roomId: room.id }, query: { limit: 100 } })
  t.same(timeline.messages, messages)
  t.match(messages[0], { text: 'first, edited', reactions: [{ emoji: '👍' }] })
  timeline.close()
})
