import { setTimeout as wait } from 'node:timers/promises'
import type { ParleyServer, ParleySocket } from './server.ts'

/**
 * Sends this node's clients elsewhere, spread over the given time: each is told when, and its transport is closed then,
 * so that also a plain client comes back by itself.
 */
export function createDrain (io: ParleyServer) {
  let isDraining = false

  async function sendAway (socket: ParleySocket, afterMs: number): Promise<void> {
    socket.emit('server:draining', { reconnectAfterMs: Math.round(afterMs) })
    await wait(afterMs)
    socket.conn.close()
  }

  return {
    get isDraining (): boolean {
      return isDraining
    },

    /** Settles when the last client was sent away; from the first moment on no new one is let in. */
    async start (overMs: number): Promise<void> {
      if (isDraining) return
      isDraining = true
      const sockets = [...io.sockets.sockets.values()]
      await Promise.all([
        // Also with nobody here: the balancer needs the time to see it.
        wait(overMs),
        ...sockets.map((socket, index) => sendAway(socket, overMs * (index + Math.random()) / sockets.length))
      ])
    }
  }
}
