import type { Room as RoomDetails, RoomEvent, RoomState } from '../contract/index.ts'
import { Emitter } from './emitter.ts'
import { askOf, startLog, stepLog, type LogAsk, type LogInput, type LogState, type Position, type LogStart } from './log.ts'
import type { Pending } from './outbox/pending.ts'
import { Typers } from './typers.ts'
import { countEvents, moveMark, nothingRead, startReading, type ReadState } from './unread.ts'

/** What a room tells. */
export interface RoomEvents {
  /** What happened: ascending by seq, each event once, without a gap. */
  events: readonly RoomEvent[]
  /** Comes before `events`: forget all that was told, the log goes on after this place. Rare: it lost its end. */
  reset: { seq: number, epoch: string }
  /** One's own commands that do not stand in the log yet. */
  pending: readonly Pending[]
  /** Who is typing now, oneself never among them. */
  typing: ReadonlySet<string>
  /** Its details, what is unread, or whether one is in it changed. */
  change: undefined
}

export interface RoomModelOptions {
  roomId: string
  start: LogStart
  position: Position | undefined
  userId: () => string
  onError: (error: unknown) => void
  /** It may lack something now. */
  onStep: (room: RoomModel) => void
  onEvents: (room: RoomModel, events: readonly RoomEvent[]) => void
  onReset: (room: RoomModel, reset: { seq: number, epoch: string }) => void
  onChange: (room: RoomModel) => void
}

/** All that is known of one room; what `Room` shows. */
export class RoomModel {
  readonly roomId: string
  readonly emitter: Emitter<RoomEvents>
  readonly typers: Typers
  readonly #options: RoomModelOptions
  #log: LogState
  #reading: ReadState = nothingRead
  #details: RoomDetails | undefined
  #isJoined = false

  constructor (options: RoomModelOptions) {
    this.#options = options
    this.roomId = options.roomId
    this.emitter = new Emitter(options.onError)
    this.typers = new Typers(() => { this.emitter.emit('typing', this.typers.userIds) })
    this.#log = startLog(options.start, options.position)
  }

  get log (): LogState { return this.#log }
  get ask (): LogAsk | undefined { return askOf(this.#log) }
  get reading (): ReadState { return this.#reading }
  get details (): RoomDetails | undefined { return this.#details }
  get isJoined (): boolean { return this.#isJoined }

  /** `session:ready`, `room:joined`, or a page of `GET /rooms`: I am in this room. */
  enter (how: 'joined' | 'listed', state: RoomState): void {
    const { room, lastSeq, epoch } = state
    this.#isJoined = true
    this.#details = room
    this.#reading = startReading(state)
    this.#changed()
    this.step({ type: how, lastSeq, epoch })
  }

  /** By REST: I am in this room. Where its log stands, the connection will say. */
  describe (details: RoomDetails): void {
    if (this.#isJoined) return
    this.#isJoined = true
    this.#details = details
    this.#changed()
  }

  /** `room:events`: whoever hears of a room is in it. */
  hear (events: readonly RoomEvent[]): void {
    this.#isJoined = true
    this.step({ type: 'live', events })
  }

  /** I am not, or no longer. What comes after a return follows what was there before. */
  leave (): void {
    this.step({ type: 'lost' })
    this.typers.clear()
    if (!this.#isJoined) return
    this.#isJoined = false
    this.#changed()
  }

  /** The connection is gone. */
  lost (): void {
    this.step({ type: 'lost' })
    this.typers.clear()
  }

  step (input: LogInput): void {
    const { state, events, reset } = stepLog(this.#log, input)
    this.#log = state
    if (reset) this.#options.onReset(this, reset)
    if (events.length > 0) this.#learn(events)
    this.#options.onStep(this)
  }

  /** Read up to here, on this device or another. */
  read (readSeq: number): void {
    const reading = moveMark(this.#reading, readSeq)
    if (reading === this.#reading) return
    this.#reading = reading
    this.#changed()
  }

  #learn (events: readonly RoomEvent[]): void {
    const reading = countEvents(this.#reading, events, this.#options.userId())
    // The details that were told hold as of then: older events are history.
    const details = events.filter(({ seq }) => seq > this.#reading.countedTo).reduce(changeDetails, this.#details)
    const isChanged = reading.unread !== this.#reading.unread || reading.unreadMentions !== this.#reading.unreadMentions || reading.readSeq !== this.#reading.readSeq || details !== this.#details
    this.#reading = reading
    this.#details = details
    this.#options.onEvents(this, events)
    if (isChanged) this.#changed()
  }

  #changed (): void {
    this.emitter.emit('change', undefined)
    this.#options.onChange(this)
  }
}

function changeDetails (room: RoomDetails | undefined, { type, data }: RoomEvent): RoomDetails | undefined {
  if (!room) return room
  switch (type) {
    case 'room.changed': return { ...room, ...data }
    case 'member.joined': return { ...room, memberCount: room.memberCount + 1 }
    case 'member.left': return { ...room, memberCount: room.memberCount - 1 }
    default: return room
  }
}
