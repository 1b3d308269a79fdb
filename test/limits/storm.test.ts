import { setTimeout as sleep } from 'node:timers/promises'
import type { ErrorBody } from '../../contract/index.ts'
import { createParley } from '../../sdk/index.ts'
import { startNode, type TestNode } from '../helpers/node.ts'
import { person, type Person } from '../helpers/person.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

/** A crowd takes its time on a machine that has other things to do. */
const patientMs = 60_000

const roomy = { LIMITS: 'standard', USER_CONNECTIONS: 10_000, ADDRESS_CONNECTIONS: 10_000 }

/** Redis as it is when it is slow, for everybody who enters; tells how many it was asked for at once. */
function slowDown ({ app: { presence } }: TestNode, delayMs: number) {
  const connect = presence.connect.bind(presence)
  const state = { delayMs, asked: 0, most: 0 }
  presence.connect = async (arrival) => {
    state.most = Math.max(state.most, ++state.asked)
    await sleep(state.delayMs, undefined, { ref: false })
    state.asked--
    await connect(arrival)
  }
  return state
}

/** As the contract tells clients to: comes back when it is told to, until it is in. How often it was turned away. */
async function enter (someone: Person): Promise<number> {
  const { client } = someone.socket({ timeout: 60_000 })
  return await new Promise((resolve, reject) => {
    let refusals = 0
    client.once('session:ready', () => { resolve(refusals) })
    client.on('connect_error', (cause: Error & { data?: { error?: ErrorBody } }) => {
      const { code, retryable, retryAfterMs } = cause.data?.error ?? {}
      if (code !== 'server.unavailable' || !retryable || !retryAfterMs) return reject(cause)
      refusals++
      setTimeout(() => { client.connect() }, retryAfterMs)
    })
    client.connect()
  })
}

async function metric (node: TestNode, name: string): Promise<number> {
  const text = await (await fetch(`${node.url}/metrics`)).text()
  return Number(new RegExp(`^${name}\\{[^}]*\\} (\\d+)`, 'm').exec(text)?.[1])
}

t.test('300 come at once to a node whose Redis is slow: a few at a time get in, the others when they were told to', async (t) => {
  const node = await startNode(t, roomy)
  const alice = await person(node, 'alice')
  const redis = slowDown(node, 1000)

  const crowd = Promise.all(Array.from({ length: 300 }, () => enter(alice)))
  await until('some wait', async () => await metric(node, 'parley_admissions_waiting') > 0, patientMs)
  t.equal((await fetch(`${node.url}/readyz`)).status, 200, 'it is well meanwhile')
  await until('some are told to come back', async () => await metric(node, 'parley_admissions_refused_total') > 0, patientMs)
  // Well again; what was told to come back does.
  redis.delayMs = 0
  const refusals = (await crowd).reduce((sum, count) => sum + count, 0)

  t.equal(node.app.realtime.io.sockets.sockets.size, 300)
  t.equal(refusals, await metric(node, 'parley_admissions_refused_total'))
  t.ok(redis.most <= 32, `${redis.most} at once`)
  t.equal(await metric(node, 'parley_admissions_waiting'), 0)
})

t.test('a client on the SDK that is turned away comes back by itself', async (t) => {
  const node = await startNode(t, roomy)
  const alice = await person(node, 'alice')
  const redis = slowDown(node, 60_000)
  const stuck = Array.from({ length: 32 }, () => alice.socket())
  for (const socket of stuck) socket.client.connect()
  await until('nobody gets in', () => redis.asked === 32, patientMs)
  redis.delayMs = 0

  const parley = createParley({ url: node.url, transports: ['websocket'] })
  t.teardown(() => { parley.close() })
  const signingIn = parley.signIn({ username: 'alice', password: alice.password })
  await until('it is turned away', async () => await metric(node, 'parley_admissions_refused_total') > 0, patientMs)
  // They go, and leave their places.
  for (const socket of stuck) socket.close()
  await signingIn
  await until('it is in', () => parley.state === 'online', patientMs)
})

t.test('a client that goes while it waits, or while it is let in, costs no place', async (t) => {
  const node = await startNode(t, roomy)
  const alice = await person(node, 'alice')
  const redis = slowDown(node, 60_000)
  const crowd = Array.from({ length: 100 }, () => alice.socket())
  for (const socket of crowd) socket.client.connect()
  await until('some wait', async () => await metric(node, 'parley_admissions_waiting') > 0, patientMs)
  for (const socket of crowd) socket.close()
  await until('nobody waits', async () => await metric(node, 'parley_admissions_waiting') === 0, patientMs)
  redis.delayMs = 0
  await Promise.all(Array.from({ length: 40 }, () => enter(alice)))
  t.equal(node.app.realtime.io.sockets.sockets.size, 40)
})
