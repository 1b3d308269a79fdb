import type { EventEmitter } from 'node:events'
import type { Socket as TcpSocket } from 'node:net'
import type { ParleyServer, ParleySocket } from './server.ts'

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
export function limitBacklog (maxBytes: number, onFull: () => void): (socket: ParleySocket) => void {
  type Conn = ParleySocket['conn']
  const waiting = new WeakMap<Conn, number>()

  // One of each for all connections: of those there are very many.
  function onFlush (this: Conn): void { waiting.delete(this) }

  function onPacket (this: Conn, packet: Packet): void {
    if (this.transport.writable) return
    const before = waiting.get(this)
    if (before === undefined) this.once('flush', onFlush)
    const bytes = (before ?? 0) + bytesOf(packet)
    waiting.set(this, bytes)
    if (bytes <= maxBytes) return
    waiting.set(this, 0)
    onFull()
    // Not in the middle of a broadcast, which goes over the sockets that there are.
    setImmediate(() => { cutOff(this) })
  }

  return ({ conn }) => { conn.on('packetCreate', onPacket) }
}

/** As far as `ws` and Engine.IO show it. */
interface Websocket extends EventEmitter {
  _socket: TcpSocket | null
  terminate: () => void
}

/**
 * Bounds the pongs that wait for a client, stranger or not, that pings and does not read: `ws` writes them past Engine.IO.
 * Beside them there may be as much as {@link limitBacklog} allows.
 */
export function limitPongs (io: ParleyServer, maxBytes: number, onFull: () => void): void {
  // One for all connections: of those there are very many.
  function onPing (this: Websocket): void {
    if ((this._socket?.writableLength ?? 0) <= 2 * maxBytes) return
    onFull()
    this.terminate()
  }

  const watch = ({ socket }: { socket?: Websocket }): void => { socket?.on('ping', onPing) }
  io.engine.on('connection', (conn: ParleySocket['conn']) => {
    if (conn.transport.name === 'websocket') watch(conn.transport as unknown as { socket?: Websocket })
    else conn.on('upgrading', watch)
  })
}

/** Without waiting for what the client would have to read first. */
export function cutOff (conn: ParleySocket['conn']): void {
  conn.close(true)
  const { socket } = conn.transport as { socket?: { terminate?: () => void } }
  socket?.terminate?.()
}
