import { ContractError, type Message, type RoomEvent } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import { isDatabaseUnavailable, isLockTimeout } from '../db/failures.ts'
import type { NewMessage, Refused, Verdict } from '../db/queries/new-message.ts'
import { toTimestamp } from '../db/rows.ts'
import { mutedRefusal, refusalOf } from './access.ts'
import { Appender } from './appender.ts'
import type { Batch } from './lane.ts'
import { Lanes, type LanesOptions } from './lanes.ts'

/** What was appended to one room by one commit. */
export interface Committed {
  roomId: string
  epoch: string
  /** Ascending, without a gap. */
  events: RoomEvent[]
}

/** A message that was appended, or the place of the one that its id named before. */
export type Sent = { message: Message } | { priorSeq: number }

export interface LogOptions extends Partial<LanesOptions<NewMessage, Sent>> {
  sql: Sql
  /** For the batches. */
  plannedOnce: Sql
}

/**
 * The one door to the rooms' logs. What the sockets and calls of this node send at the same moment is committed
 * together; what one room is sent, in the order of its arrival.
 */
export class Log {
  readonly #sql: Sql
  readonly #plannedOnce: Sql
  readonly #lanes: Lanes<NewMessage, Sent>
  readonly #listeners: Array<(committed: Committed) => void> = []
  readonly #appender = new Appender()

  constructor ({ sql, plannedOnce, ...options }: LogOptions) {
    this.#sql = sql
    this.#plannedOnce = plannedOnce
    this.#lanes = new Lanes({ flush: (batch) => this.#flush(batch, plannedOnce), ...options })
  }

  /** Calls the listener after each commit, before anybody is acked. */
  onCommitted (listener: (committed: Committed) => void): void {
    this.#listeners.push(listener)
  }

  /** Appends a message with whatever else is sent now. */
  send (message: NewMessage): Promise<Sent> {
    return this.#lanes.submit(message.roomId, message.id, message)
  }

  /** Appends a message that something must be found out for first: the room waits, the others do not. */
  sendWith (roomId: string, make: () => Promise<NewMessage>): Promise<Sent> {
    return this.#lanes.alone(roomId, async () => {
      const item = await make()
      return await new Promise<Sent>((resolve, reject) => {
        void this.#finish([{ item, key: item.id, resolve, reject }], this.#plannedOnce)
      })
    })
  }

  /** Does something else to a room in its turn; whoever appends in it says so by `committed`. */
  inTurn<T> (roomId: string, work: () => Promise<T>): Promise<T> {
    return this.#lanes.alone(roomId, work)
  }

  committed (committed: Committed): void {
    for (const listener of this.#listeners) listener(committed)
  }

  /** Returns what is left to do once the batch is committed. */
  async #flush (batch: Batch<NewMessage, Sent>, sql: Sql): Promise<() => void> {
    try {
      const verdicts = await this.#appender.append(sql, batch.map(({ item }) => item))
      return () => { this.#settle(batch, verdicts) }
    } catch (error) {
      await this.#cope(batch, sql, error)
      return () => {}
    }
  }

  async #finish (batch: Batch<NewMessage, Sent>, sql: Sql): Promise<void> {
    const settle = await this.#flush(batch, sql)
    settle()
  }

  async #cope (batch: Batch<NewMessage, Sent>, sql: Sql, error: unknown): Promise<void> {
    // Rooms do not depend on each other: the one that is held waits alone, and not where the next batches go.
    const rooms = isLockTimeout(error) ? groupByRoom(batch) : []
    if (rooms.length > 1) await Promise.all(rooms.map((room) => this.#finish(room, this.#sql)))
    else if (isShared(batch, error)) {
      for (const { reject } of batch) reject(error)
      if (isDatabaseUnavailable(error) && !isLockTimeout(error)) this.#lanes.refuseWaiting(error)
    } else for (const half of halve(batch)) await this.#finish(half, sql)
  }

  /** Tells what was committed, then answers. A failure to tell is no failure of the log, but nobody is left waiting for it. */
  #settle (batch: Batch<NewMessage, Sent>, verdicts: Verdict[]): void {
    try {
      const events = this.#tell(batch, verdicts)
      batch.forEach((entry, index) => { settle(entry, verdicts[index] as Verdict, events[index]) })
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  /** One notice for each room of the batch. Returns what became of each message that was appended. */
  #tell (batch: Batch<NewMessage, Sent>, verdicts: Verdict[]): Array<RoomEvent | undefined> {
    const byRoom = new Map<string, Committed>()
    const events = batch.map(({ item }, index) => {
      const verdict = verdicts[index] as Verdict
      if (verdict.seq === null) return undefined
      const { seq, atMs, epoch } = verdict
      const room = byRoom.get(item.roomId)
      // What one statement appends to a room has one time.
      const event = toSentEvent(item, seq, room?.events[0]?.at ?? toTimestamp(atMs))
      if (room) room.events.push(event)
      else byRoom.set(item.roomId, { roomId: item.roomId, epoch, events: [event] })
      return event
    })
    for (const committed of byRoom.values()) this.committed(committed)
    return events
  }
}

/** Whether all of a batch share the failure; else one of them is to blame. */
function isShared (batch: Batch<NewMessage, Sent>, error: unknown): boolean {
  return batch.length === 1 || isLockTimeout(error) || isDatabaseUnavailable(error)
}

function halve (batch: Batch<NewMessage, Sent>): Array<Batch<NewMessage, Sent>> {
  const middle = Math.ceil(batch.length / 2)
  return [batch.slice(0, middle), batch.slice(middle)]
}

function groupByRoom (batch: Batch<NewMessage, Sent>): Array<Batch<NewMessage, Sent>> {
  const rooms = new Map<string, Batch<NewMessage, Sent>>()
  for (const entry of batch) {
    const group = rooms.get(entry.item.roomId)
    if (group) group.push(entry)
    else rooms.set(entry.item.roomId, [entry])
  }
  return [...rooms.values()]
}

function settle ({ item, resolve, reject }: Batch<NewMessage, Sent>[number], verdict: Verdict, event?: RoomEvent): void {
  if (event) return resolve({ message: toSentMessage(item, event) })
  const { kind, isMember, isArchived, mutedUntilMs, priorSeq, priorActorId, priorType } = verdict as Refused
  if (!isMember) reject(refusalOf(kind))
  else if (priorSeq === null && isArchived) reject(new ContractError('room.archived'))
  else if (priorSeq === null && mutedUntilMs !== null) reject(mutedRefusal(mutedUntilMs))
  else if (priorSeq === null) reject(new ContractError('message.not_found', { message: 'The message that this one answers is not in this room.' }))
  else if (priorActorId === item.actorId && priorType === 'message.sent') resolve({ priorSeq })
  else reject(new ContractError('request.id_taken'))
}

function toSentEvent ({ roomId, id, actorId, text, replyTo, data: extras }: NewMessage, seq: number, at: string): RoomEvent {
  const data = replyTo === undefined ? { text } : { text, replyTo }
  return { roomId, seq, id, type: 'message.sent', actorId, at, data: extras ? { ...data, ...extras } : data }
}

function toSentMessage ({ roomId, id, actorId, text, replyTo, data }: NewMessage, { seq, at }: RoomEvent): Message {
  return {
    roomId, seq, id, authorId: actorId, text, replyTo: replyTo ?? null, reactions: [], mentions: data?.mentions ?? [], attachments: data?.attachments ?? [], at, editedAt: null, deletedAt: null
  }
}
