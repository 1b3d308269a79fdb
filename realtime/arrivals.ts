import type { FastifyInstance } from 'fastify'
import { ContractError, type Account } from '../contract/index.ts'
import type { LiveSession } from '../domain/session.ts'
import type { Entrance } from './entrance.ts'
import type { Memberships } from './memberships.ts'
import type { Reading } from './reading.ts'
import type { ParleySocket } from './server.ts'

/** Somebody whose handshake is under way, with all that their welcome needs. */
export interface Arriving {
  account: Account
  reading: Reading
}

interface ArrivalsDeps {
  app: FastifyInstance
  entrance: Entrance
  memberships: Memberships
}

/**
 * Finds all that a welcome needs before the namespace lets somebody in: then Socket.IO's own answer and `session:ready`
 * are said in one go. Others see them from here on; should they go before they are in, others are told so.
 */
export function createArrivals ({ app, entrance, memberships }: ArrivalsDeps) {
  async function read (session: LiveSession, reading: Reading): Promise<Account> {
    try {
      const arrival = await app.domain.members.arrive(session)
      if (!arrival) throw new ContractError('session.required')
      if (!memberships.take(reading, arrival)) await memberships.settle(session.userId, reading)
      return arrival.account
    } catch (error) {
      memberships.giveUp(session.userId, reading)
      throw error
    }
  }

  /** @throws `session.required`, and whatever keeps Postgres or Redis from answering */
  return async (socket: ParleySocket): Promise<void> => {
    const { id: connectionId, data: { session } } = socket
    const { userId, id: sessionId } = session
    const reading = memberships.expect(userId)
    const account = await read(session, reading)
    const onGone = (): void => {
      memberships.giveUp(userId, reading)
      app.presence.disconnect({ userId, connectionId, cause: 'dropped' })
    }
    if (socket.conn.readyState !== 'open') return onGone()
    entrance.expect(socket, onGone)
    socket.data.arrival = { account, reading }
    await app.presence.connect({ userId, sessionId, connectionId })
  }
}

export type Arrivals = ReturnType<typeof createArrivals>
