import { setTimeout as sleep } from 'node:timers/promises'
import { Histogram } from '../../light/histogram.ts'
import { nowUs, waitUntil } from './clock.ts'
import type { Connection } from './connection.ts'
import type { Dialect } from './dialects.ts'
import type { DriveTask, Driven } from './tasks.ts'
import { writeText } from './text.ts'

const answerMs = 30_000
const tickMs = 2

/** Sends for a while, and resolves when everything has been answered. */
export async function drive ({ durationMs, load }: DriveTask, senders: Connection[], dialect: Dialect): Promise<Driven> {
  const acked: Record<string, number> = {}
  const refused: Record<string, number> = {}
  const ackUs = new Histogram()
  const startedAt = performance.now()
  let sent = 0
  let answered = 0
  let lastAckAt = startedAt

  function send (onDone: () => void): void {
    const { socket, receiver: { name, roomId } } = senders[sent++ % senders.length] as Connection
    const sentUs = nowUs()
    socket.tell(...dialect.send(roomId, writeText(name)), (answer) => {
      ackUs.record(nowUs() - sentUs)
      lastAckAt = performance.now()
      answered++
      const reason = dialect.refusal(answer)
      if (reason === undefined) acked[roomId] = (acked[roomId] ?? 0) + 1
      else refused[reason] = (refused[reason] ?? 0) + 1
      onDone()
    })
  }

  const isOver = (): boolean => performance.now() - startedAt >= durationMs
  if ('perSecond' in load) {
    const { perSecond, phase = 0 } = load
    await sendSteadily(() => Math.floor((performance.now() - startedAt) * perSecond / 1000 + phase), isOver, () => { send(() => {}) })
  } else await keepInFlight(load, senders, isOver, send)

  await waitUntil(() => answered === sent, answerMs)
  return { acked, refused, unanswered: sent - answered, elapsedMs: lastAckAt - startedAt, ackUs: ackUs.toJSON() }
}

async function sendSteadily (due: () => number, isOver: () => boolean, send: () => void): Promise<void> {
  for (let sent = 0; !isOver();) {
    for (const until = due(); sent < until; sent++) send()
    await sleep(tickMs)
  }
}

type InFlight = Extract<DriveTask['load'], { inFlight: number }>

/** The next is sent as soon as one is done; stops sending when it is over, and resolves when none is on its way. */
async function keepInFlight ({ inFlight, until }: InFlight, senders: Connection[], isOver: () => boolean, send: (onDone: () => void) => void): Promise<void> {
  let onItsWay = 0
  const onDone = (): void => {
    onItsWay--
    if (!isOver()) sendNext()
  }
  const sendNext = (): void => {
    onItsWay++
    send(until === 'acked' ? onDone : () => {})
  }
  if (until === 'returned') {
    for (const { receiver } of senders) receiver.onReturned = (count) => { for (let each = 0; each < count; each++) onDone() }
  }
  for (let each = 0; each < inFlight; each++) sendNext()
  // Whatever is still missing after that is counted when all has settled.
  await waitUntil(() => isOver() && onItsWay <= 0, answerMs)
  for (const { receiver } of senders) receiver.onReturned = undefined
}
