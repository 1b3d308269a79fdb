import type { CommandData, CommandPayload, RoomEvent } from '../../contract/index.ts'
import { Backoff } from '../backoff.ts'
import { ParleyError } from '../errors.ts'
import type { Asker } from '../link.ts'
import { seqOf, type OutboxCommand, type Pending } from './pending.ts'

/** Commands of one room on their way at the same time. */
const windowSize = 64

interface Entry {
  pending: Pending
  isInFlight: boolean
  /** Where its event stands, once it is acked. */
  seq: number | undefined
  /** Its event has been delivered, perhaps before its ack. */
  isInLog: boolean
  resolve: (data: CommandData<OutboxCommand>) => void
  reject: (error: unknown) => void
}

type AskAny = (name: OutboxCommand, payload: CommandPayload<OutboxCommand>) => Promise<CommandData<OutboxCommand>>

/**
 * One's own commands to one room, in order. They are sent one after the other without waiting for acks; at the first
 * failure that may pass, nothing more is sent, what is on its way is waited for, and it is repeated from there.
 */
export class Lane {
  readonly #onChange: () => void
  readonly #backoff = new Backoff({ baseMs: 300, maxMs: 10_000 })
  #entries: Entry[] = []
  #link: Asker | undefined
  #isHalted = false
  #retryAfterMs = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #deliveredTo = 0

  constructor (onChange: () => void) {
    this.#onChange = onChange
  }

  /** What the app may look at: what stands in the log already is not among it. */
  get shown (): Pending[] {
    return this.#entries.filter(({ isInLog }) => !isInLog).map(({ pending }) => pending)
  }

  /** What must not be forgotten. */
  get unsettled (): Pending[] {
    return this.#entries.map(({ pending }) => pending).filter(({ state }) => state !== 'sent')
  }

  add (pending: Pending): Promise<CommandData<OutboxCommand>> {
    const { entry, settled } = toEntry(pending)
    this.#entries.push(entry)
    this.#changed()
    return settled
  }

  /** What was asked for before a reload goes first. */
  restore (pendings: Pending[]): void {
    this.#entries.unshift(...pendings.map((pending) => toEntry(pending).entry))
    this.#changed()
  }

  /** There is a connection: everything that has no answer goes out again, in order. */
  connected (link: Asker): void {
    this.lost()
    this.#link = link
    this.#pump()
  }

  lost (): void {
    clearTimeout(this.#timer)
    this.#link = undefined
    this.#isHalted = false
    this.#retryAfterMs = 0
  }

  /** The app has been given these events, and with them everything up to this seq. */
  delivered (events: readonly RoomEvent[], seq: number): void {
    this.#deliveredTo = seq
    if (this.#entries.length === 0) return
    const ids = new Set(events.map(({ id }) => id))
    for (const entry of this.#entries) if (ids.has(entry.pending.id)) entry.isInLog = true
    this.#changed()
  }

  /** Tries a failed one again, as the last in line. */
  retry (id: string): void {
    const entry = this.#entries.find(({ pending }) => pending.id === id && pending.state === 'failed')
    if (!entry) return
    const { error, ...rest } = entry.pending
    this.#entries = [...this.#entries.filter((other) => other !== entry), { ...entry, pending: { ...rest, state: 'pending' } }]
    this.#changed()
  }

  /** Forgets one. If it is on its way it may still arrive. */
  discard (id: string): void {
    this.#drop(({ pending }) => pending.id === id, new ParleyError('client.discarded'))
  }

  /** Forgets all of them, and says why to those who wait. */
  end (error: ParleyError): void {
    this.lost()
    this.#drop(() => true, error)
  }

  #drop (isMeant: (entry: Entry) => boolean, error: ParleyError): void {
    const dropped = this.#entries.filter(isMeant)
    this.#entries = this.#entries.filter((entry) => !dropped.includes(entry))
    for (const { reject } of dropped) reject(error)
    this.#changed()
  }

  #changed (): void {
    this.#entries = this.#entries.filter(({ pending, seq }) => pending.state !== 'sent' || (seq ?? 0) > this.#deliveredTo)
    this.#onChange()
    this.#pump()
  }

  #pump (): void {
    const link = this.#link
    if (!link || this.#isHalted) return
    let inFlight = 0
    for (const entry of this.#entries) {
      if (entry.pending.state !== 'pending') continue
      if (!entry.isInFlight) void this.#dispatch(link, entry)
      if (++inFlight >= windowSize) return
    }
  }

  async #dispatch (link: Asker, entry: Entry): Promise<void> {
    const { command, payload } = entry.pending
    entry.isInFlight = true
    try {
      const data = await (link.ask as AskAny).call(link, command, payload)
      entry.isInFlight = false
      this.#settle(entry, data)
    } catch (error) {
      entry.isInFlight = false
      if (mayPass(error)) this.#halt(link, error)
      else this.#fail(entry, error)
    }
    if (this.#isHalted) this.#resumeWhenQuiet()
  }

  #settle (entry: Entry, data: CommandData<OutboxCommand>): void {
    this.#backoff.reset()
    entry.pending = { ...entry.pending, state: 'sent' }
    entry.seq = seqOf(data)
    entry.resolve(data)
    this.#changed()
  }

  #fail (entry: Entry, error: unknown): void {
    entry.pending = { ...entry.pending, state: 'failed', error: error as ParleyError }
    entry.reject(error)
    this.#changed()
  }

  #halt (link: Asker, { retryAfterMs = 0 }: ParleyError): void {
    if (link !== this.#link) return
    this.#isHalted = true
    this.#retryAfterMs = Math.max(this.#retryAfterMs, retryAfterMs)
  }

  #resumeWhenQuiet (): void {
    if (this.#entries.some(({ isInFlight }) => isInFlight)) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#isHalted = false
      this.#retryAfterMs = 0
      this.#pump()
    }, this.#backoff.nextMs(this.#retryAfterMs))
  }
}

/** Without a session nothing is wrong with the command: it waits until somebody signs in again. */
function mayPass (error: unknown): error is ParleyError {
  return error instanceof ParleyError && (error.retryable || error.code === 'session.required')
}

function toEntry (pending: Pending): { entry: Entry, settled: Promise<CommandData<OutboxCommand>> } {
  const { promise: settled, resolve, reject } = withResolvers<CommandData<OutboxCommand>>()
  return { entry: { pending, isInFlight: false, seq: undefined, isInLog: false, resolve, reject }, settled }
}

/** Its failure can be looked at in the list as well: nobody needs to wait for it. */
function withResolvers<T> (): { promise: Promise<T>, resolve: (value: T) => void, reject: (error: unknown) => void } {
  let resolve: (value: T) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<T>((_resolve, _reject) => {
    resolve = _resolve
    reject = _reject
  })
  promise.catch(() => {})
  return { promise, resolve, reject }
}
