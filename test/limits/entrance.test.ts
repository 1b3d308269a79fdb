import { EventEmitter } from 'node:events'
import { createAdmission } from '../../realtime/admission.ts'
import { createConnectionCaps } from '../../realtime/connection-caps.ts'
import { createEntrance } from '../../realtime/entrance.ts'
import type { ParleySocket } from '../../realtime/server.ts'
import { t } from '../suite.ts'

function build () {
  const admission = createAdmission({ atOnce: 1, patienceMs: 60_000, onRefused: () => {} })
  return { admission, entrance: createEntrance({ admission, caps: createConnectionCaps({ perUser: 1, perAddress: 10 }) }) }
}

const asSocket = (conn = new EventEmitter()) => ({ conn }) as unknown as ParleySocket
const close = (socket: ParleySocket) => { socket.conn.emit('close', 'transport close') }

t.test('whose connection closes while waiting leaves the line', async (t) => {
  const { admission, entrance } = build()
  const [alice, bob] = [asSocket(), asSocket()]
  await entrance.enter(alice)
  const waits = entrance.enter(bob)
  t.equal(admission.waiting, 1)
  close(bob)
  t.equal(admission.waiting, 0)
  await t.rejects(waits, { code: 'server.unavailable' })
})

t.test('whose connection closes before it is a socket leaves a place, and a connection of the user', async (t) => {
  const { entrance } = build()
  const [alice, phone, laptop] = [asSocket(), asSocket(), asSocket()]
  await entrance.enter(alice)
  entrance.identify(alice, 'alice')
  const next = entrance.enter(phone)
  close(alice)
  await next
  entrance.identify(phone, 'alice')
  entrance.ready(phone)
  await entrance.enter(laptop)
  t.throws(() => { entrance.identify(laptop, 'alice') }, { code: 'rate.limited' })
})

t.test('a second socket on a connection is refused, and takes nothing from the first', async (t) => {
  const { entrance } = build()
  const first = asSocket()
  await entrance.enter(first)
  entrance.identify(first, 'alice')
  entrance.ready(first)
  const second = asSocket(first.conn)
  await t.rejects(entrance.enter(second), { code: 'request.invalid' })
  entrance.leave(second)
  const other = asSocket()
  await entrance.enter(other)
  t.throws(() => { entrance.identify(other, 'alice') }, { code: 'rate.limited' }, 'the first still counts')
  entrance.leave(other)
  entrance.leave(first)
  await entrance.enter(asSocket(first.conn))
  t.equal(first.conn.listenerCount('close'), 1, 'nothing is left behind')
})
