import { ContractError } from '../contract/index.ts'
import type { Admission, Place } from './admission.ts'
import type { ConnectionCaps } from './connection-caps.ts'
import type { ParleySocket } from './server.ts'

interface EntranceDeps {
  admission: Admission
  caps: ConnectionCaps
}

interface Visit {
  /** Until it is in. */
  place: Place | undefined
  /** Lets go of what is counted by user. */
  leaveUser?: () => void
  onGone: () => void
}

/** The way into the namespace: in turn, within the caps, and each connection once at a time. */
export function createEntrance ({ admission, caps }: EntranceDeps) {
  const entered = new WeakSet<ParleySocket['conn']>()
  const visits = new WeakMap<ParleySocket, Visit>()

  function leave (socket: ParleySocket): void {
    const visit = visits.get(socket)
    if (!visit) return
    visits.delete(socket)
    entered.delete(socket.conn)
    socket.conn.off('close', visit.onGone)
    visit.place?.leave()
    visit.leaveUser?.()
  }

  return {
    /**
     * Settles when it is the socket's turn. From then on until it is told of `ready` or of its end, it is one of the few
     * that are let in at once.
     *
     * @throws `request.invalid` for a second socket on one connection, `rate.limited`, `server.unavailable`
     */
    async enter (socket: ParleySocket): Promise<void> {
      const { conn } = socket
      if (entered.has(conn)) throw new ContractError('request.invalid', { message: 'This connection has entered already.' })
      caps.checkAddress(conn)
      const place = admission.enter()
      const visit = { place, onGone: () => { leave(socket) } }
      entered.add(conn)
      visits.set(socket, visit)
      // Also when it never becomes a socket: then nothing else says that it has gone.
      conn.once('close', visit.onGone)
      await place.admitted
    },

    /** Now it is known whose it is. @throws `rate.limited` */
    identify (socket: ParleySocket, userId: string): void {
      const visit = visits.get(socket)
      if (!visit) throw new ContractError('server.unavailable')
      visit.leaveUser = caps.enter(userId)
    },

    /** It has been welcomed, or that failed: the next one's turn. */
    ready (socket: ParleySocket): void {
      const visit = visits.get(socket)
      visit?.place?.leave()
      if (visit) visit.place = undefined
    },

    leave
  }
}

export type Entrance = ReturnType<typeof createEntrance>
