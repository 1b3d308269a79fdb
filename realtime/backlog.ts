import type { ParleySocket } from './server.ts'

interface Packet {
  data?: unknown
}

function bytesOf ({ data }: Packet): number {
  if (typeof data === 'string') return Buffer.byteLength(data)
  return data instanceof Uint8Array ? data.byteLength : 0
}

/**
 * Bounds what waits for a client that does not read. Nothing durable is dropped in silence: beyond the limit the
 * transport is closed, and the client comes back and syncs.
 *
 * Counts only while the transport does not take more; as much again may be on its way through the transport.
 */
export function limitBacklog ({ conn }: ParleySocket, maxBytes: number, onFull: () => void): void {
  let waiting = 0
  conn.on('flush', () => { waiting = 0 })
  conn.on('packetCreate', (packet: Packet) => {
    if (conn.transport.writable) return
    waiting += bytesOf(packet)
    if (waiting <= maxBytes) return
    waiting = 0
    onFull()
    // Not in the middle of a broadcast, which goes over the sockets that there are.
    setImmediate(() => { cutOff(conn) })
  })
}

/** Without waiting for what the client would have to read first. */
export function cutOff (conn: ParleySocket['conn']): void {
  conn.close(true)
  const { socket } = conn.transport as { socket?: { terminate?: () => void } }
  socket?.terminate?.()
}
