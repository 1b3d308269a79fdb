import type { FastifyInstance } from 'fastify'
import { ContractError, type Account } from '../contract/index.ts'
import type { Memberships, Reading } from './memberships.ts'
import type { ParleySocket } from './server.ts'

/** Somebody whose handshake is under way, with all that their welcome needs. */
export interface Arriving {
  account: Account
  reading: Reading
  /** They are a socket now: their end is its end. */
  settle: () => void
}

interface ArrivalsDeps {
  app: FastifyInstance
  memberships: Memberships
}

/**
 * Finds all that a welcome needs before the namespace lets somebody in: then Socket.IO's own answer and `session:ready`
 * are said in one go. Others see them from here on; should they go before they are in, others are told so.
 */
export function createArrivals ({ app, memberships }: ArrivalsDeps) {
  async function find (socket: ParleySocket): Promise<Pick<Arriving, 'account' | 'reading'>> {
    const { session } = socket.data
    let account: Account | undefined
    const reading = await memberships.expect(session.userId, async () => {
      const arrival = await app.domain.members.arrive(session)
      if (!arrival) throw new ContractError('session.required')
      account = arrival.account
      return arrival
    })
    if (!account) throw new ContractError('session.required')
    return { account, reading }
  }

  /** @throws `session.required`, and whatever keeps Postgres or Redis from answering */
  return async (socket: ParleySocket): Promise<void> => {
    const { conn, data: { actor: { userId, sessionId } } } = socket
    const found = await find(socket)
    const connectionId = socket.id
    const onGone = (): void => {
      found.reading.end()
      app.presence.disconnect({ userId, connectionId, cause: 'dropped' })
    }
    conn.once('close', onGone)
    socket.data.arrival = { ...found, settle: () => { conn.off('close', onGone) } }
    if (conn.readyState === 'open') await app.presence.connect({ userId, sessionId, connectionId })
    else onGone()
  }
}

export type Arrivals = ReturnType<typeof createArrivals>
