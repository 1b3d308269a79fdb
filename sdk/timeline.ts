import type { Message } from '../contract/index.ts'
import { Emitter, type Listener, type Stop } from './emitter.ts'
import { applyEvents, emptyView, type MessageView } from './messages.ts'
import type { Room } from './room.ts'

/** What a timeline tells. */
export interface TimelineEvents {
  /** Its messages are others than before: the new list. */
  messages: readonly Message[]
}

/**
 * The messages of a room as a page shows them: those of the moment, growing backwards on demand. It holds one stretch of
 * the log that reaches to its end, so edits, deletions and reactions are all in it.
 *
 * @example
 * const timeline = openTimeline(room, parley.user.id)
 * timeline.on('messages', render)
 * await timeline.loadBefore(50)
 * timeline.close()
 */
export class Timeline {
  readonly #room: Room
  readonly #emitter: Emitter<TimelineEvents>
  readonly #stops: Stop[]
  #view: MessageView
  /** The first seq it holds; one after the end of the log while it holds none; undefined while that is not known. */
  #from: number | undefined
  #loading: Promise<void> | undefined
  /** Changes when what was held is void: a page asked for before that is, too. */
  #life = 0

  constructor (room: Room, userId: string, onError: (error: unknown) => void = console.error) {
    this.#room = room
    this.#view = emptyView(userId)
    this.#emitter = new Emitter(onError)
    this.#from = nextSeq(room)
    this.#stops = [
      room.on('events', (events) => {
        this.#from ??= events[0]?.seq
        this.#show(applyEvents(this.#view, events))
      }),
      room.on('reset', ({ seq }) => {
        this.#life++
        this.#from = seq + 1
        this.#show(emptyView(userId))
      })
    ]
  }

  /** Ascending, as they stand now; those that did not change are the same objects as before. */
  get messages (): readonly Message[] { return this.#view.messages }
  /** Whether the log begins before what this holds. */
  get hasBefore (): boolean { return this.#from !== 1 }

  on<Name extends keyof TimelineEvents> (name: Name, listener: Listener<TimelineEvents[Name]>): Stop {
    return this.#emitter.on(name, listener)
  }

  /** Takes in a page of what came before: at most `limit` events, 100 unless given. One page at a time. @throws ParleyError */
  async loadBefore (limit = 100): Promise<void> {
    this.#loading ??= this.#load(limit).finally(() => { this.#loading = undefined })
    await this.#loading
  }

  close (): void {
    for (const stop of this.#stops) stop()
  }

  async #load (limit: number): Promise<void> {
    const life = this.#life
    this.#from ??= nextSeq(this.#room)
    if (this.#from === undefined) return
    const events = await this.#room.loadBefore(this.#from, limit)
    if (life !== this.#life) return
    this.#from = events[0]?.seq ?? 1
    this.#show(applyEvents(this.#view, events))
  }

  #show (view: MessageView): void {
    if (view === this.#view) return
    this.#view = view
    this.#emitter.emit('messages', view.messages)
  }
}

function nextSeq ({ seq }: Room): number | undefined {
  return seq === undefined ? undefined : seq + 1
}

/** Begins with what happens from now on; `loadBefore` reads what was. */
export function openTimeline (room: Room, userId: string): Timeline {
  return new Timeline(room, userId)
}
