import type { CommandName } from '../../contract/index.ts'
import { ParleyError } from '../../sdk/errors.ts'
import type { Asker } from '../../sdk/link.ts'
import { Outbox } from '../../sdk/outbox/outbox.ts'
import { serialize } from '../../sdk/outbox/storage.ts'
import { t } from '../suite.ts'

const roomId = 'a room'

interface Asked {
  name: CommandName
  text: string
  ack: (seq: number) => void
  refuse: (code: string, retryAfterMs?: number) => void
}

/** A link of which the test is the other end. */
function fakeLink () {
  const asked: Asked[] = []
  const waiting: Array<() => void> = []
  const ask = (name: CommandName, payload: { id: string, text: string }) => new Promise((resolve, reject) => {
    asked.push({
      name,
      text: payload.text,
      ack: (seq) => { resolve({ message: { seq, id: payload.id } }) },
      refuse: (code, retryAfterMs) => { reject(new ParleyError(code, { retryAfterMs })) }
    })
    for (const look of waiting.splice(0)) look()
  })
  return {
    link: { ask } as unknown as Asker,
    asked,
    texts: () => asked.map(({ text }) => text),
    async untilAsked (count: number): Promise<void> {
      while (asked.length < count) await new Promise<void>((resolve) => { waiting.push(resolve) })
    }
  }
}

function openOutbox (stored?: Map<string, string>) {
  const errors: unknown[] = []
  const storage = stored && { get: (key: string) => stored.get(key), set: (key: string, value: string) => { stored.set(key, value) } }
  const outbox = new Outbox({ userId: 'alice', storage, onChange: () => {}, onError: (error) => { errors.push(error) } })
  let made = 0
  const send = (text: string) => {
    const sent = outbox.add('message:send', { roomId, id: `${text} ${made++}`, text })
    sent.catch(() => {})
    return sent
  }
  const states = () => outbox.pendingOf(roomId).map(({ state }) => state)
  return { outbox, send, states, errors }
}

const turn = () => new Promise((resolve) => { setImmediate(resolve) })

t.test('commands go out one after the other without waiting for acks', async (t) => {
  const { outbox, send, states } = openOutbox()
  const { link, asked, texts } = fakeLink()
  await turn()
  outbox.connected(link)
  const sent = ['one', 'two', 'three'].map(send)
  t.same(texts(), ['one', 'two', 'three'])
  asked.forEach(({ ack }, index) => { ack(index + 1) })
  t.same((await Promise.all(sent)).map(({ message }) => message.seq), [1, 2, 3])
  t.same(states(), ['sent', 'sent', 'sent'], 'shown until their events are there')
  outbox.delivered(roomId, [], 2)
  t.same(states(), ['sent'])
})

t.test('at the first failure that may pass it stops, waits for what is on its way, and repeats from there', async (t) => {
  const { outbox, send, states } = openOutbox()
  const { link, asked, texts, untilAsked } = fakeLink()
  await turn()
  outbox.connected(link)
  for (const text of ['one', 'two', 'three', 'four']) void send(text)
  asked[0]?.ack(1)
  asked[1]?.refuse('rate.limited', 30)
  await turn()
  void send('five')
  t.equal(asked.length, 4, 'nothing more is sent')
  asked[2]?.refuse('rate.limited', 1)
  const refusedAt = Date.now()
  asked[3]?.ack(2)
  await untilAsked(7)
  t.ok(Date.now() - refusedAt >= 29, 'no earlier than the server said')
  t.same(texts().slice(4), ['two', 'three', 'five'], 'in order, without the one that was accepted')
  t.same(states(), ['sent', 'pending', 'pending', 'sent', 'pending'])
})

t.test('a refusal for good fails that one alone; it can be tried again or discarded', async (t) => {
  const { outbox, send, states } = openOutbox()
  const { link, asked, texts } = fakeLink()
  await turn()
  outbox.connected(link)
  const [bad, good] = [send('bad'), send('good')]
  asked[0]?.refuse('request.invalid')
  asked[1]?.ack(1)
  await t.rejects(bad, { code: 'request.invalid' })
  await good
  t.match(outbox.pendingOf(roomId), [{ state: 'failed', error: { code: 'request.invalid' } }, { state: 'sent' }])
  outbox.retry(roomId, outbox.pendingOf(roomId)[0]?.id ?? '')
  t.same([texts().at(-1), ...states()], ['bad', 'sent', 'pending'])
  asked[2]?.refuse('request.invalid')
  await turn()
  outbox.discard(roomId, outbox.pendingOf(roomId)[1]?.id ?? '')
  t.same(states(), ['sent'])
})

t.test('a new connection repeats what has no answer, and nothing that has', async (t) => {
  const { outbox, send } = openOutbox()
  const [first, second] = [fakeLink(), fakeLink()]
  await turn()
  outbox.connected(first.link)
  for (const text of ['one', 'two', 'three']) void send(text)
  first.asked[1]?.ack(2)
  await turn()
  outbox.lost()
  for (const { refuse } of first.asked) refuse('client.unreachable')
  await turn()
  outbox.connected(second.link)
  t.same(second.texts(), ['one', 'three'])
})

t.test('no more than 64 of a room are on their way at once', async (t) => {
  const { outbox, send } = openOutbox()
  const { link, asked } = fakeLink()
  await turn()
  outbox.connected(link)
  for (let number = 0; number < 100; number++) void send(`${number}`)
  t.equal(asked.length, 64)
  asked[0]?.ack(1)
  await turn()
  t.equal(asked.length, 65)
})

t.test('an event in the log hides its command before the ack has come', async (t) => {
  const { outbox, send, states } = openOutbox()
  const { link, asked } = fakeLink()
  await turn()
  outbox.connected(link)
  const sent = send('one')
  outbox.delivered(roomId, [{ roomId, seq: 5, id: 'one 0', type: 'message.sent', actorId: 'alice', at: '', data: { text: 'one' } }], 5)
  t.same(states(), [])
  asked[0]?.ack(5)
  t.match(await sent, { message: { seq: 5 } })
})

t.test('what was stored goes first, and what another tab has stored stays', async (t) => {
  const entry = (id: string, text: string) => ({ command: 'message:send' as const, id, roomId, payload: { roomId, id, text }, state: 'pending' as const, at: '' })
  const stored = new Map([['parley.outbox.alice', serialize([entry('x', 'before the reload')])]])
  const { outbox, send } = openOutbox(stored)
  const { link, asked, texts } = fakeLink()
  outbox.connected(link)
  void send('after it')
  await turn()
  t.same(texts(), ['before the reload', 'after it'])
  stored.set('parley.outbox.alice', serialize([entry('x', 'before the reload'), entry('y', 'of another tab')]))
  for (const { ack } of asked) ack(1)
  await turn()
  t.match(JSON.parse(stored.get('parley.outbox.alice') ?? ''), [{ id: 'y' }])
})

t.test('a storage that fails holds up nothing', async (t) => {
  const storage = { get: () => { throw new Error('no access') }, set: () => { throw new Error('full') } }
  const errors: unknown[] = []
  const outbox = new Outbox({ userId: 'alice', storage, onChange: () => {}, onError: (error) => { errors.push(error) } })
  const { link, asked } = fakeLink()
  outbox.connected(link)
  const sent = outbox.add('message:send', { roomId, id: 'x', text: 'hello' })
  await turn()
  asked[0]?.ack(1)
  t.match(await sent, { message: { seq: 1 } })
  t.match(errors[0], { message: 'no access' })
})
