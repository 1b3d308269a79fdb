import type { FastifyInstance } from 'fastify'
import { ContractError, type Account } from '../contract/index.ts'
import type { Entrance } from './entrance.ts'
import type { Memberships, Reading } from './memberships.ts'
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
  /** @throws `session.required`, and whatever keeps Postgres or Redis from answering */
  return async (socket: ParleySocket): Promise<void> => {
    const { conn, id: connectionId, data: { session } } = socket
    const { userId, id: sessionId } = session
    let account: Account | undefined
    const reading = await memberships.expect(userId, async () => {
      const arrival = await app.domain.members.arrive(session)
      if (!arrival) throw new ContractError('session.required')
      account = arrival.account
      return arrival
    })
    const onGone = (): void => {
      memberships.giveUp(userId, reading)
      app.presence.disconnect({ userId, connectionId, cause: 'dropped' })
    }
    if (conn.readyState !== 'open' || !account) return onGone()
    entrance.expect(socket, onGone)
    socket.data.arrival = { account, reading }
    await app.presence.connect({ userId, sessionId, connectionId })
  }
}

export type Arrivals = ReturnType<typeof createArrivals>
