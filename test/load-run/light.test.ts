import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { readPacket, readPacketOnce, writeCommand } from '../../load/light/frames.ts'
import { Histogram } from '../../load/light/histogram.ts'
import { LightSocket, Refusal } from '../../load/light/socket.ts'
import { Random } from '../../load/prove/random.ts'
import { percentile } from '../../load/prove/percentile.ts'
import { t } from '../suite.ts'

const shares = [0.01, 0.5, 0.95, 0.99, 0.999, 1]

function draw (seed: string, most: number): number[] {
  const random = new Random(seed)
  return Array.from({ length: 20_000 }, () => Math.floor(random.next() ** 4 * most))
}

t.test('a histogram is right to within one part in 64, and never below', async (t) => {
  for (const most of [50, 5000, 60_000_000]) {
    const values = draw(String(most), most)
    const histogram = new Histogram()
    for (const value of values) histogram.record(value)
    for (const share of shares) {
      const exact = percentile(values, share) ?? 0
      const said = histogram.percentile(share)
      t.ok(said >= exact && said <= exact * (1 + 1 / 64), `${share} of up to ${most}: ${said} for ${exact}`)
    }
    t.equal(histogram.max, Math.max(...values))
    t.equal(histogram.count, values.length)
  }
  t.equal(new Histogram().percentile(0.99), 0)
})

t.test('histograms of several processes add up to the one of all', async (t) => {
  const all = new Histogram()
  const merged = new Histogram()
  for (const seed of ['a', 'b', 'c']) {
    const part = new Histogram()
    for (const value of draw(seed, 100_000)) {
      part.record(value)
      all.record(value)
    }
    merged.add(new Histogram(JSON.parse(JSON.stringify(part)) as ReturnType<Histogram['toJSON']>))
  }
  t.equal(merged.count, all.count)
  t.equal(merged.max, all.max)
  t.same(shares.map((share) => merged.percentile(share)), shares.map((share) => all.percentile(share)))
})

t.test('frames are read as Socket.IO writes them', async (t) => {
  t.same(readPacket('0{"sid":"n1.a","pingInterval":10000}'), { kind: 'open', sid: 'n1.a' })
  t.same(readPacket('2'), { kind: 'ping' })
  t.same(readPacket('40{"sid":"b"}'), { kind: 'connected', id: 'b' })
  t.same(readPacket('41'), { kind: 'disconnected' })
  t.same(readPacket('42["room:events",{"roomId":"r","events":[]}]'), { kind: 'event', name: 'room:events', payload: { roomId: 'r', events: [] } })
  t.same(readPacket('43217[{"ok":true}]'), { kind: 'ack', id: 217, answer: { ok: true } })
  t.same(readPacket('44{"message":"no","data":{"error":{"code":"session.required"}}}'), { kind: 'refused', data: { error: { code: 'session.required' } } })
  t.same(readPacket('6'), { kind: 'other', text: '6' })
  t.equal(writeCommand(7, 'message:send', { text: 'hü' }), '427["message:send",{"text":"hü"}]')
  t.equal(readPacketOnce('42["a",1]'), readPacketOnce('42["a",1]'), 'the same frame is read once')
  t.not(readPacketOnce('42["a",1]'), readPacketOnce('42["a",2]'))
})

t.test('a light socket speaks with the real server', async (t) => {
  const http = createServer()
  const io = new Server(http)
  io.use((socket, next) => {
    next(socket.handshake.headers.cookie === 'sid=alice' ? undefined : Object.assign(new Error('no'), { data: { error: { code: 'session.required' } } }))
  })
  io.on('connection', (socket) => {
    socket.emit('hello', { text: 'ünï' })
    socket.on('echo', (payload: unknown, ack: (answer: unknown) => void) => { ack({ ok: true, data: payload }) })
    socket.on('end', () => { socket.disconnect(true) })
  })
  await new Promise<void>((resolve) => { http.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => io.close())
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`

  await t.rejects(LightSocket.open({ url, cookie: 'sid=mallory' }), new Refusal({ error: { code: 'session.required' } }))
  await t.rejects(LightSocket.open({ url: 'http://127.0.0.1:1' }), /ECONNREFUSED/)

  const heard: unknown[] = []
  let onClosed: () => void = () => {}
  const closed = new Promise<void>((resolve) => { onClosed = resolve })
  const alice = await LightSocket.open({ url, cookie: 'sid=alice', onEvent: (name, payload) => { heard.push([name, payload]) }, onClose: onClosed })
  t.same(await Promise.all([alice.ask('echo', { text: '1' }), alice.ask('echo', { text: '2' })]), [{ ok: true, data: { text: '1' } }, { ok: true, data: { text: '2' } }])
  t.same(heard, [['hello', { text: 'ünï' }]])
  t.equal(alice.isOpen, true)
  alice.tell('end', {}, () => {})
  await closed
  t.equal(alice.isOpen, false)
})
