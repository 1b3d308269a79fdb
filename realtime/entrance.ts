import { ContractError } from '../contract/index.ts'
import type { Admission, Place } from './admission.ts'
import type { ConnectionCaps } from './connection-caps.ts'
import type { ParleySocket } from './server.ts'

interface EntranceDeps {
  admission: Admission
  caps: ConnectionCaps
}

interface Visit {
  socket: ParleySocket
  /** Until it is in. */
  place: Place | undefined
  /** From when it is known whose it is. */
  userId: string | undefined
  /** Until it is in: what else is to be done when its connection closes. */
  onGone: (() => void) | undefined
}

/** The way into the namespace: in turn, within the caps, and each connection once at a time. */
export function createEntrance ({ admission, caps }: EntranceDeps) {
  const visits = new WeakMap<ParleySocket['conn'], Visit>()

  function visitOf (socket: ParleySocket): Visit | undefined {
    const visit = visits.get(socket.conn)
    return visit?.socket === socket ? visit : undefined
  }

  function leave (socket: ParleySocket): void {
    const { conn } = socket
    const visit = visitOf(socket)
    if (!visit) return
    visits.delete(conn)
    conn.off('close', onGone)
    visit.place?.leave()
    if (visit.userId !== undefined) caps.leave(visit.userId)
  }

  /** One for all connections: of each there are very many. */
  function onGone (this: ParleySocket['conn']): void {
    const visit = visits.get(this)
    if (!visit) return
    visit.onGone?.()
    leave(visit.socket)
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
      if (visits.has(conn)) throw new ContractError('request.invalid', { message: 'This connection has entered already.' })
      caps.checkAddress(conn)
      const place = admission.enter()
      visits.set(conn, { socket, place, userId: undefined, onGone: undefined })
      // Also when it never becomes a socket: then nothing else says that it has gone.
      conn.on('close', onGone)
      await place.admitted
    },

    /** Now it is known whose it is. @throws `rate.limited` */
    identify (socket: ParleySocket, userId: string): void {
      const visit = visitOf(socket)
      if (!visit) throw new ContractError('server.unavailable')
      caps.enter(userId)
      visit.userId = userId
    },

    /** It is to be welcomed; should its connection close before, this is done too. */
    expect (socket: ParleySocket, onGone: () => void): void {
      const visit = visitOf(socket)
      if (visit) visit.onGone = onGone
    },

    /** It is a socket now, and its end is the socket's: the next one's turn. */
    ready (socket: ParleySocket): void {
      const visit = visitOf(socket)
      if (!visit) return
      visit.place?.leave()
      visit.place = visit.onGone = undefined
    },

    leave
  }
}

export type Entrance = ReturnType<typeof createEntrance>
