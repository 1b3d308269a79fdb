import type { Faults } from './check/faults.ts'
import type { RoomDigest } from './check/room-record.ts'
import type { Window } from './crew/tally.ts'
import type { LoopLoad } from './watch/loop-watch.ts'

/** What a worker is made for. */
export interface Task {
  scenario: string
  urls: string[]
  prefix: string
  seed: string
  /** Of so many workers, this is the one with the index: its people are every `count`-th. */
  part: { index: number, count: number }
  people: number
  rate: number
  bytes: number
}

export interface TalkOrder {
  startsAt: number
  seconds: number
}

/** What the coordinator tells its workers to do, in this order. */
export interface Orders {
  signIn: (task: Task) => void
  /** Rooms by id, with the indices of their people. */
  join: (seats: Record<string, number[]>) => void
  /** @returns how many came to which node */
  arrive: (order: { startsAt: number, rampMs: number }) => Record<string, number>
  /** @returns the last seq that was acked, by room */
  talk: (order: TalkOrder) => Record<string, number>
  /** Waits until everybody has every room up to these seqs. */
  settle: (order: { tops: Record<string, number>, withinMs: number }) => { digests: Record<string, RoomDigest>, load: LoopLoad }
  leave: (order: null) => void
}

export type OrderName = keyof Orders

/** Who does what the orders say. */
export type Obeying = { [Name in OrderName]: (order: Parameters<Orders[Name]>[0]) => Promise<ReturnType<Orders[Name]>> }

/** What a worker says of itself now and then: at the end of each second, once it is measured. */
export interface Sample extends Window {
  /** Of the measured time, from 0 on; null before it. */
  second: number | null
  signedIn: number
  connected: number
  /** All of them since the beginning. */
  faults: Faults
  load: LoopLoad
}

export type ToWorker = { id: number, name: OrderName, order: unknown } | { stop: true }
export type FromWorker = { id: number, answer: unknown } | { id: number, failure: string } | { sample: Sample }
