import { ContractError } from '../contract/index.ts'
import type { ParleySocket } from './server.ts'

type Connection = ParleySocket['conn']

export interface ConnectionCapsOptions {
  /** Most at a time on this node. */
  perUser: number
  perAddress: number
}

/** From so many times the cap on, connections of an address are not even begun: only a flood comes that far. */
const floodTimes = 2
const minRetryMs = 5000

/** Bounds how many connections a user and an address have on this node, so that nobody uses up what others need. */
export function createConnectionCaps ({ perUser, perAddress }: ConnectionCapsOptions) {
  const users = new Tally()
  const addresses = new Tally()
  /** As it was in the beginning: one that has gone has none any more. */
  const addressesOf = new WeakMap<Connection, string>()

  function refuse (message: string): never {
    throw new ContractError('rate.limited', { message, retryAfterMs: Math.round(minRetryMs * (1 + Math.random())) })
  }

  return {
    /** Before there is a connection. @throws `rate.limited` */
    requireRoom (address: string): void {
      if (addresses.of(address) >= perAddress * floodTimes) refuse('Too many connections from this address.')
    },

    /** Counts a connection from its first moment, whether or not it ever enters, until it is closed. */
    opened (conn: Connection, address: string): void {
      addressesOf.set(conn, address)
      addresses.add(address)
    },

    closed (conn: Connection): void {
      const address = addressesOf.get(conn)
      if (address !== undefined && addressesOf.delete(conn)) addresses.take(address)
    },

    /** One that is counted already asks to enter. @throws `rate.limited` */
    checkAddress (conn: Connection): void {
      if (addresses.of(addressesOf.get(conn) ?? '') > perAddress) refuse('Too many connections from this address.')
    },

    /** Counts a socket of a user, until they leave with it. @throws `rate.limited` */
    enter (userId: string): void {
      if (users.of(userId) >= perUser) refuse('Too many connections of this user.')
      users.add(userId)
    },

    leave (userId: string): void { users.take(userId) }
  }
}

export type ConnectionCaps = ReturnType<typeof createConnectionCaps>

/** How many there are of each; nothing is kept of those that are none. */
class Tally {
  readonly #counts = new Map<string, number>()

  of (key: string): number {
    return this.#counts.get(key) ?? 0
  }

  add (key: string): void {
    this.#counts.set(key, this.of(key) + 1)
  }

  take (key: string): void {
    const left = this.of(key) - 1
    if (left > 0) this.#counts.set(key, left)
    else this.#counts.delete(key)
  }
}
