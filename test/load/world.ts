import { randomUUID } from 'node:crypto'
import type { RoomEvent } from '../../contract/index.ts'
import type { ClientHistory, CommandRecord, Frame, History } from '../../load/prove/history.ts'
import { replayTexts } from '../../load/prove/check/texts.ts'
import type { RoomTruth, Truth } from '../../load/prove/truth.ts'

type EventData<Type extends RoomEvent['type']> = Extract<RoomEvent, { type: Type }>['data']

/** A right history of alice, bob and carol in one room, for tests to spoil. */
export class SmallWorld {
  readonly roomId = randomUUID()
  readonly epoch: string = randomUUID()
  readonly alice = randomUUID()
  readonly bob = randomUUID()
  readonly carol = randomUUID()
  readonly events: RoomEvent[] = []
  readonly commands: CommandRecord[] = []
  readonly members = new Set<string>()
  #clock = Date.parse('2026-01-31T12:00:00.000Z')

  /** Alice makes the room; bob and carol join. */
  constructor () {
    for (const userId of [this.alice, this.bob, this.carol]) this.join(userId)
  }

  join (userId: string): RoomEvent {
    this.members.add(userId)
    return this.#append('member.joined', this.alice, { userId, role: 'member' })
  }

  leave (userId: string): RoomEvent {
    this.members.delete(userId)
    return this.#append('member.left', this.alice, { userId })
  }

  /** Sent by socket, acked at the first attempt. */
  send (userId: string, text: string): RoomEvent {
    const event = this.#append('message.sent', userId, { text })
    this.#command('send', event, { text })
    return event
  }

  /** What it replaces is gone from the database's log. */
  edit (message: RoomEvent, text: string): RoomEvent {
    this.#blank(message.seq)
    const event = this.#append('message.edited', message.actorId, { seq: message.seq, text })
    this.#command('edit', event, { text, targetSeq: message.seq })
    return event
  }

  delete (message: RoomEvent): RoomEvent {
    this.#blank(message.seq)
    const event = this.#append('message.deleted', message.actorId, { seq: message.seq })
    this.#command('delete', event, { targetSeq: message.seq })
    return event
  }

  /** Somebody who was there from the start and heard all of these live, on one connection. */
  bare (name: string, userId: string, live: readonly RoomEvent[] = this.events): ClientHistory {
    return this.client(name, userId, [this.ready(0), ...live.map((event) => this.live(event))], live)
  }

  sdk (name: string, userId: string, given: readonly RoomEvent[] = this.events): ClientHistory {
    return { ...this.client(name, userId, [], given), kind: 'sdk', connections: [] }
  }

  client (name: string, userId: string, frames: Frame[], log: readonly RoomEvent[]): ClientHistory {
    return {
      name,
      userId,
      kind: 'bare',
      connections: [{ id: `${name}-1`, openedAt: this.#clock, frames }],
      logs: new Map([[this.roomId, log.map((event) => ({ at: this.#clock, event }))]]),
      resets: []
    }
  }

  ready (lastSeq: number): Frame {
    return { kind: 'ready', at: this.#clock, node: 'n1', rooms: [{ roomId: this.roomId, lastSeq, epoch: this.epoch }] }
  }

  joined (lastSeq: number, epoch = this.epoch): Frame {
    return { kind: 'joined', at: this.#clock, roomId: this.roomId, lastSeq, epoch }
  }

  left (): Frame {
    return { kind: 'left', at: this.#clock, roomId: this.roomId }
  }

  live (...events: RoomEvent[]): Frame {
    return { kind: 'live', at: this.#clock, roomId: this.roomId, events }
  }

  synced (after: number, events: RoomEvent[], lastSeq: number): Frame {
    return { kind: 'synced', at: this.#clock, roomId: this.roomId, after, events, lastSeq, epoch: this.epoch, hasMore: false, isReset: false }
  }

  history (...clients: ClientHistory[]): History {
    return { clients, commands: this.commands }
  }

  get truth (): Truth {
    const room: RoomTruth = {
      roomId: this.roomId,
      name: 'kitchen',
      epoch: this.epoch,
      lastSeq: this.events.length,
      memberIds: new Set(this.members),
      events: this.events,
      texts: replayTexts(this.events)
    }
    return new Map([[this.roomId, room]])
  }

  #append<Type extends RoomEvent['type']> (type: Type, actorId: string, data: EventData<Type>): RoomEvent {
    const at = new Date(this.#clock += 1000).toISOString()
    const event = { roomId: this.roomId, seq: this.events.length + 1, id: randomUUID(), type, actorId, at, data } as RoomEvent
    this.events.push(event)
    return event
  }

  #command (kind: CommandRecord['kind'], { id, seq, actorId }: RoomEvent, more: { text?: string, targetSeq?: number }): void {
    const client = actorId === this.alice ? 'alice' : actorId === this.bob ? 'bob' : 'carol'
    const outcome = { at: this.#clock, ok: true as const, seq, ...(kind === 'send' && { text: more.text ?? null }) }
    this.commands.push({
      client, userId: actorId, kind, roomId: this.roomId, id, ...more, attempts: [{ at: this.#clock, via: 'socket', connectionId: `${client}-1`, outcome }]
    })
  }

  /** In the database; those who heard it live have heard the text. */
  #blank (seq: number): void {
    this.events.forEach((event, index) => {
      const isText = event.seq === seq || (event.type === 'message.edited' && event.data.seq === seq)
      if (isText && 'text' in event.data) this.events[index] = { ...event, data: { ...event.data, text: null } } as RoomEvent
    })
  }
}
