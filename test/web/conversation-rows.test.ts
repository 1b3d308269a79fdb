import t from 'tap'
import type { Message, RoomEvent } from '../../contract/index.ts'
import { describeNotices, type Notice } from '../../web/features/conversation/history/notices.ts'
import { buildRows, countBefore, indexOfSeq, type Row, type RowsInput } from '../../web/features/conversation/history/rows.ts'
import { foresee, unsentOf } from '../../web/features/conversation/history/unsent.ts'
import type { Pending } from '../../sdk/index.ts'

/** Minutes of one day, by this machine's calendar. */
const at = (minutes: number, day = 10) => new Date(2026, 4, day, 9, minutes).toISOString()

function message (seq: number, authorId: string, minutes: number, more: Partial<Message> = {}): Message {
  return {
    roomId: 'kitchen', seq, id: `m${seq}`, authorId, text: `message ${seq}`, replyTo: null, reactions: [], mentions: [], attachments: [], at: at(minutes), editedAt: null, deletedAt: null, ...more
  }
}

function joined (seq: number, userId: string, actorId = userId): Notice {
  return { roomId: 'kitchen', seq, id: `n${seq}`, type: 'member.joined', actorId, at: at(0), data: { userId, role: 'member' } }
}

const nothing: RowsInput = { messages: [], notices: [], unsent: [], hasBefore: false, newAfter: undefined, userId: 'alice', anchor: 1000 }
const build = (input: Partial<RowsInput>) => buildRows({ ...nothing, ...input })

function sketch (row: Row): string {
  if (row.kind === 'beginning') return 'beginning'
  const signs = `${row.opensDay ? '=' : ''}${row.opensNew ? '!' : ''}${'isHead' in row && row.isHead ? '>' : ''}`
  return `${signs}${row.kind === 'notice' ? row.notices.map(({ seq }) => seq).join('+') : row.key}`
}

t.test('messages of one author within five minutes stand together', async (t) => {
  const messages = [message(1, 'alice', 0), message(2, 'alice', 4), message(3, 'alice', 10), message(4, 'bob', 10), message(5, 'bob', 11, { replyTo: 1 })]
  t.same(build({ messages }).map(sketch), ['beginning', '=>m1', 'm2', '>m3', '>m4', '>m5'])
})

t.test('a day begins with its name', async (t) => {
  const messages = [message(1, 'alice', 0), message(2, 'alice', 0, { at: at(1, 11) })]
  t.same(build({ messages }).map(sketch), ['beginning', '=>m1', '=>m2'])
})

t.test('new is what others wrote after I had read, once', async (t) => {
  const messages = [message(1, 'bob', 0), message(2, 'alice', 1), message(3, 'bob', 2), message(4, 'bob', 3)]
  t.same(build({ messages, newAfter: 1 }).map(sketch), ['beginning', '=>m1', '>m2', '!>m3', 'm4'])
  t.same(build({ messages, newAfter: 4 }).map(sketch), ['beginning', '=>m1', '>m2', '>m3', 'm4'])
  t.same(build({ messages, newAfter: 0, hasBefore: true }).map(sketch), ['>m2', '!>m3', 'm4'], 'not where more may be new above')
})

t.test('people who come the same way are told in one line', async (t) => {
  const notices = [joined(1, 'alice'), joined(2, 'bob'), joined(3, 'carol', 'alice'), joined(4, 'dave', 'alice')]
  t.same(build({ notices }).map(sketch), ['beginning', '=1+2', '3+4'])
  t.same(build({ notices, anchor: 2 }).map(sketch), ['beginning', '=1', '2', '3+4'], 'but not across the place from which rows are counted')
})

t.test('what is put in front changes nothing below it', async (t) => {
  const messages = Array.from({ length: 40 }, (_, index) => message(index + 1, index % 5 < 3 ? 'alice' : 'bob', index))
  const notices = [joined(41, 'carol'), joined(42, 'dave')]
  const all = build({ messages, notices, anchor: 43 })
  for (let from = 1; from < 40; from++) {
    const part = build({ messages: messages.slice(from), notices, hasBefore: true, anchor: 43 })
    t.same(part, all.slice(-part.length), `from ${from + 1}`)
    t.equal(countBefore(all, 43) - countBefore(part, 43), all.length - part.length)
  }
})

t.test('what comes at the end is not counted before the anchor', async (t) => {
  const messages = [message(1, 'alice', 0), message(2, 'bob', 1), message(3, 'bob', 2)]
  const rows = build({ messages, anchor: 3 })
  t.equal(countBefore(rows, 3), 3)
  t.equal(indexOfSeq(rows, 2), 2)
  t.equal(indexOfSeq(rows, 9), -1)
})

const pending = (command: Pending['command'], payload: object, state = 'pending') =>
  ({ command, id: `p-${command}`, roomId: 'kitchen', payload, state, at: at(30) }) as unknown as Pending

t.test('what is not sent stands at the end, and not twice', async (t) => {
  const unsent = unsentOf([pending('message:send', { text: 'soon' }), pending('message:delete', { seq: 1 })])
  t.match(unsent, [{ id: 'p-message:send', text: 'soon', attachmentIds: [] }])
  t.same(build({ messages: [message(1, 'alice', 29)], unsent }).map(sketch), ['beginning', '=>m1', 'p-message:send'])
  t.same(build({ messages: [message(1, 'alice', 29, { id: 'p-message:send' })], unsent }).map(sketch), ['beginning', '=>p-message:send'])
})

t.test('what I asked for is shown before it is done', async (t) => {
  const one = message(1, 'alice', 0, { reactions: [{ emoji: '👍', count: 2, mine: true }] })
  const other = message(2, 'alice', 0)
  const after = (...commands: Pending[]) => foresee([one, other], commands)
  t.match(after(pending('message:edit', { seq: 1, text: ' better ' }))[0], { text: 'better' })
  t.match(after(pending('message:delete', { seq: 1 }))[0], { text: null, reactions: [] })
  t.same(after(pending('reaction:remove', { seq: 1, emoji: '👍' }))[0]?.reactions, [{ emoji: '👍', count: 1, mine: false }])
  t.same(after(pending('reaction:add', { seq: 1, emoji: '🎉' }))[0]?.reactions.at(-1), { emoji: '🎉', count: 1, mine: true })
  t.same(after(pending('reaction:add', { seq: 1, emoji: '👍' }))[0]?.reactions, one.reactions, 'once is enough')
  t.equal(after(pending('message:edit', { seq: 1, text: 'x' }))[1], other, 'others stay the same objects')
  t.equal(after(pending('message:edit', { seq: 1, text: 'x' }, 'failed'))[0], one, 'what was refused is not')
})

t.test('what happened, in words', async (t) => {
  const names: Record<string, string> = { alice: 'Alice', bob: 'Bob', carol: 'Carol' }
  const say = (...notices: Notice[]) => describeNotices(notices, (id) => names[id] ?? id)
  const event = (type: RoomEvent['type'], data: object, actorId = 'alice') => ({ roomId: 'kitchen', seq: 1, id: 'x', type, actorId, at: at(0), data }) as unknown as Notice
  t.equal(say(joined(1, 'bob'), joined(2, 'carol')), 'Bob and Carol joined')
  t.equal(say(joined(1, 'bob', 'alice')), 'Alice added Bob')
  t.equal(say(event('member.left', { userId: 'bob' })), 'Alice removed Bob')
  t.equal(say(event('member.changed', { userId: 'bob', role: 'admin' })), 'Alice made Bob an admin')
  t.equal(say(event('member.changed', { userId: 'bob', role: 'member', mutedUntil: null })), 'Alice let Bob speak again')
  t.equal(say(event('room.changed', { name: 'Hall', topic: '' })), 'Alice named the room “Hall” and took the topic away')
  t.equal(say(event('room.changed', { archivedAt: at(0) })), 'Alice archived the room')
})
