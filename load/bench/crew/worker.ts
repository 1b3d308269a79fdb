// One process of the crew: keeps connections, sends, and counts what arrives.
import { Histogram } from '../../light/histogram.ts'
import { LightSocket } from '../../light/socket.ts'
import { waitUntil } from './clock.ts'
import type { Connection } from './connection.ts'
import { dialectOf, type Dialect } from './dialects.ts'
import { drive } from './driving.ts'
import { openAll } from './opening.ts'
import type { Order, Outcome, Received, SettleTask, TaskName, Tasks, WatchTask } from './tasks.ts'

const name = process.argv[2] ?? '0'
const tally = { us: new Histogram() }
let connections: Connection[] = []
let dialect: Dialect = dialectOf('bare')
let bytesBefore = 0
let framesBefore = 0

function reset (): null {
  tally.us = new Histogram()
  bytesBefore = LightSocket.bytesIn
  framesBefore = LightSocket.framesIn
  for (const { receiver } of connections) receiver.reset()
  return null
}

async function settle ({ expected, withinMs }: SettleTask): Promise<Received> {
  const receivers = connections.map(({ receiver }) => receiver)
  const due = ({ roomId }: { roomId: string }): number => expected[roomId] ?? 0
  await waitUntil(() => receivers.every((receiver) => receiver.received >= due(receiver)), withinMs)
  const sum = (count: (receiver: typeof receivers[number]) => number): number => receivers.reduce((total, receiver) => total + count(receiver), 0)
  return {
    deliveries: sum(({ received }) => received),
    missing: sum((receiver) => Math.max(0, due(receiver) - receiver.received)),
    surplus: sum((receiver) => Math.max(0, receiver.received - due(receiver))),
    disordered: sum(({ disordered }) => disordered),
    lostConnections: sum(({ isLost }) => isLost ? 1 : 0),
    us: tally.us.toJSON(),
    frames: LightSocket.framesIn - framesBefore,
    bytes: LightSocket.bytesIn - bytesBefore
  }
}

async function settleWatchers ({ onLine, withinMs }: WatchTask): Promise<Tasks['settleWatchers']['result']> {
  const startedAt = performance.now()
  const there = new Set(onLine)
  const countWrong = (): number => connections.reduce((sum, { watches, pictures }) =>
    sum + watches.filter((userId) => there.has(userId) && pictures.get(userId) !== 'online').length, 0)
  await waitUntil(() => countWrong() === 0, withinMs, 50)
  return { wrong: countWrong(), waitedMs: performance.now() - startedAt }
}

function close (): null {
  for (const { socket } of connections) socket.terminate()
  connections = []
  return null
}

const does: { [Name in TaskName]: (task: Tasks[Name]['task']) => Tasks[Name]['result'] | Promise<Tasks[Name]['result']> } = {
  async open (task) {
    dialect = dialectOf(task.candidate)
    const { opened, connections: more } = await openAll(task, name, connections.length, tally)
    connections.push(...more)
    return opened
  },
  reset,
  drive: (task) => drive(task, task.senders.flatMap((index) => connections[index] ?? []), dialect),
  settle,
  settleWatchers,
  close
}

async function carryOut ({ id, name, task }: Order): Promise<Outcome> {
  try {
    return { id, result: await (does[name] as (task: unknown) => unknown)(task) }
  } catch (error) {
    return { id, failure: error instanceof Error ? error.stack ?? error.message : String(error) }
  }
}

process.on('message', (order: Order) => { void carryOut(order).then((outcome) => process.send?.(outcome)) })
process.once('disconnect', () => process.exit())
// The terminal's Ctrl-C goes to all of us: whoever began us ends us.
process.on('SIGINT', () => {})
