import type { RoomEvent } from '../../contract/index.ts'
import { askOf, startLog, stepLog, type LogAsk, type LogInput, type LogStart, type LogState } from '../../sdk/log.ts'

/** The same numbers for the same seed. */
export function createRandom (seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6D2B79F5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Postgres and the nodes, each of which knows the log up to its tail. */
export interface ModelServer {
  epoch: string
  /** Seqs below are gone for good. */
  firstSeq: number
  events: RoomEvent[]
  tails: number[]
}

let made = 0
export function makeEvent (seq: number): RoomEvent {
  return { roomId: 'room', seq, id: `${made++}`, type: 'message.sent', actorId: 'somebody', at: '', data: { text: '' } }
}

export function eventsAfter ({ events }: ModelServer, after: number, limit: number, upTo = Infinity): RoomEvent[] {
  return events.filter(({ seq }) => seq > after && seq <= upTo).slice(0, limit)
}

export function headOf ({ events, firstSeq }: ModelServer): number {
  return events.at(-1)?.seq ?? firstSeq - 1
}

/** Answers as a node does: up to its tail, in pages, anew when it cannot go on from there. */
export function answerSync (server: ModelServer, node: number, { after, epoch }: LogAsk, pageSize: number): LogInput {
  const tail = server.tails[node] ?? 0
  const isReset = after > tail || after < server.firstSeq - 1 || (epoch !== undefined && epoch !== server.epoch)
  const from = isReset ? server.firstSeq - 1 : after
  const events = eventsAfter(server, from, pageSize, tail)
  return { type: 'synced', after, events, lastSeq: tail, epoch: server.epoch, reset: isReset || undefined }
}

/** Answers as REST does: what Postgres has. */
export function answerCheck (server: ModelServer, { after }: LogAsk, pageSize: number): LogInput {
  return { type: 'checked', after, events: eventsAfter(server, after, pageSize), lastSeq: headOf(server), epoch: server.epoch }
}

/** An app that believes what it is told, and complains of what it may not be told. */
export class ModelApp {
  state: LogState
  log: RoomEvent[] = []
  /** Where the log began for it. */
  base: number | undefined
  resets = 0

  constructor (start: LogStart) {
    this.state = startLog(start)
    if (start === 'beginning') this.base = 0
  }

  take (input: LogInput): void {
    const { state, events, reset } = stepLog(this.state, input)
    this.state = state
    if (reset) {
      this.resets++
      this.log = []
      this.base = reset.seq
    }
    for (const event of events) {
      this.base ??= event.seq - 1
      const expected = this.base + this.log.length + 1
      if (event.seq !== expected) throw new Error(`given event ${event.seq} where ${expected} is due`)
      this.log.push(event)
    }
  }

  get ask (): LogAsk | undefined {
    return askOf(this.state)
  }
}
