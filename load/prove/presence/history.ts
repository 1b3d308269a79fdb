import type { Presence } from '../../../contract/index.ts'
import type { Stay } from './stays.ts'

/** What an observer was told of somebody, when that was news. */
export interface Sight {
  at: number
  userId: string
  status: Presence['status']
  /** Since when, as the server says. */
  sinceMs: number | null
}

/** A picture that an observer asked for, of everybody. */
export interface Picture {
  askedAt: number
  answeredAt: number
  /** How many were `unknown`. */
  unknown: number
  /** One who was not. */
  known?: { userId: string, status: Presence['status'] }
}

/** One connection of an observer. */
export interface Watch {
  observer: string
  node: string
  from: number
  /** Undefined when it was open at the end. */
  until?: number
  sights: Sight[]
  pictures: Picture[]
}

export interface PresenceHistory {
  /** Everybody who is watched, and what they are called. */
  names: Map<string, string>
  /** Everybody's own connections. */
  stays: Stay[]
  watches: Watch[]
  /** What each node answered by REST when all was over; undefined when it did not. */
  end: Array<{ node: string, users: Presence[] | undefined }>
  endedAt: number
}
