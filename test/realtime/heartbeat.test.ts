import type { Test } from 'tap'
import { Heartbeat, type Beating } from '../../realtime/heartbeat.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

const timings = { intervalMs: 100, timeoutMs: 60, tickMs: 5 }
/** Where a moment in which this process does not get to run would change what is counted. */
const slow = { intervalMs: 2000, timeoutMs: 1000, tickMs: 200 }

interface Conn extends Beating {
  pings: number[]
  endedBecause: string[]
}

function startHeart (t: Test, answer: (conn: Conn) => void, chosen = timings) {
  const heartbeat = new Heartbeat({
    ...chosen,
    ping (beating) {
      const conn = beating as Conn
      conn.pings.push(performance.now())
      answer(conn)
    }
  })
  t.teardown(() => { heartbeat.stop() })
  return {
    add (): Conn {
      const conn: Conn = {
        pings: [],
        endedBecause: [],
        readyState: 'open',
        pingIntervalTimer: null,
        pingTimeoutTimer: null,
        hasRefreshedPingTimeout: false,
        onClose (reason) {
          conn.endedBecause.push(reason)
          conn.readyState = 'closed'
        }
      }
      heartbeat.add(conn)
      return conn
    }
  }
}

/** As Engine.IO does when a pong comes. */
const pong = (conn: Conn): void => { conn.pingTimeoutTimer = null }

t.test('P1: whoever does not answer is given up after the time for it, and whoever answers is not', async (t) => {
  const silent = new Set<Conn>()
  const { add } = startHeart(t, (conn) => { if (!silent.has(conn)) pong(conn) })
  const addedAt = performance.now()
  const [alice, bob] = [add(), add()]
  silent.add(bob)

  await until('bob is given up', async () => bob.endedBecause.length > 0)
  t.same(bob.endedBecause, ['ping timeout'])
  t.ok(performance.now() - addedAt >= timings.intervalMs / 2 + timings.timeoutMs)

  await until('alice was pinged again and again', async () => alice.pings.length >= 4)
  t.same(alice.endedBecause, [])
  t.equal(bob.pings.length, 1, 'who is gone is not pinged')
})

t.test('whoever says something else instead of the pong is asked once more', async (t) => {
  const { add } = startHeart(t, (conn) => { if (conn.pings.length === 1) conn.hasRefreshedPingTimeout = true }, slow)
  const alice = add()
  await until('she is given up', async () => alice.endedBecause.length > 0)
  t.equal(alice.pings.length, 2)
})

t.test('a pong that came while the process was busy counts', async (t) => {
  const { add } = startHeart(t, (conn) => {
    // It is there, and will be read once the process comes to it.
    setImmediate(() => { pong(conn) })
    const until = performance.now() + 2 * timings.intervalMs
    if (conn.pings.length === 2) while (performance.now() < until);
  })
  const alice = add()
  await until('she was pinged often', async () => alice.pings.length >= 5)
  t.same(alice.endedBecause, [])
})

t.test('a crowd that comes at once is not pinged at once', async (t) => {
  let turn = 0
  const turns = new Map<Conn, number>()
  const { add } = startHeart(t, (conn) => {
    if (!turns.has(conn)) turns.set(conn, turn)
    process.nextTick(() => { turn = turns.size })
  }, slow)
  const crowd = Array.from({ length: 80 }, add)
  await until('all were pinged', async () => crowd.every(({ pings }) => pings.length > 0))
  t.ok(new Set(turns.values()).size > 1)
})
