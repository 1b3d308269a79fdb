import type { EventEmitter } from 'node:events'
import type { Socket as TcpSocket } from 'node:net'
import type { ParleyServer, ParleySocket } from './server.ts'

/** What Engine.IO hands to a transport. */
interface Packet {
  type: string
  data?: string | Buffer
  options?: { wsPreEncodedFrame?: Buffer[] }
}

/** Engine.IO's, over `ws`: neither says in its types what the other builds on. */
interface WebSocketTransport extends EventEmitter {
  writable: boolean
  socket: { readyState: number, _socket: TcpSocket | null }
  send: (packets: Packet[]) => void
  doClose: (onClosed?: () => void) => void
}

type Conn = ParleySocket['conn']

/** Tells one connection what many are told: the packet's text, and its frame for those who have a websocket. */
export type Tell = (conn: Conn, text: string, frame: Buffer) => void

/** Most have one: it needs no list. */
type Frames = Buffer | Buffer[]

const codes: Record<string, string> = { open: '0', close: '1', ping: '2', pong: '3', message: '4', upgrade: '5', noop: '6' }
const openState = 1
/** Beyond so many bytes frames are not put into one buffer first: copying them costs more than it saves. */
const mostCopied = 16 * 1024

/** One unmasked websocket frame, in one buffer, so that it is one chunk of a write. */
export function toFrame (text: string): Buffer {
  const length = Buffer.byteLength(text)
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(headerLength + length)
  frame[0] = 0x81
  frame[1] = headerLength === 2 ? length : headerLength === 4 ? 126 : 127
  if (headerLength === 4) frame.writeUInt16BE(length, 2)
  else if (headerLength === 10) frame.writeBigUInt64BE(BigInt(length), 2)
  frame.write(text, headerLength, 'utf8')
  return frame
}

/** The text of an event, as Socket.IO encodes it within a packet of Engine.IO. */
export function toEventText (name: string, payload: string): string {
  return `2${JSON.stringify([name]).slice(0, -1)},${payload}]`
}

/**
 * Writes to each websocket once in a turn of the event loop, whatever it is told in it: somebody's own event and the ack
 * of it, or what a batch brought to several rooms of theirs, go in one system call.
 *
 * What the kernel does not take is Engine.IO's again: the transport is not writable until it has drained.
 */
export function writeOnceATurn (io: ParleyServer): Tell {
  const waiting = new Map<WebSocketTransport, Frames>()

  function flush (): void {
    // Whatever a write brings about is told in the next turn.
    const due = [...waiting]
    waiting.clear()
    for (const [transport, frames] of due) write(transport, frames)
  }

  function enqueue (transport: WebSocketTransport, frame: Buffer): void {
    if (waiting.size === 0) process.nextTick(flush)
    const frames = waiting.get(transport)
    if (Array.isArray(frames)) frames.push(frame)
    else waiting.set(transport, frames ? [frames, frame] : frame)
  }

  function send (this: WebSocketTransport, packets: Packet[]): void {
    for (const packet of packets) enqueue(this, frameOf(packet))
    this.emit('drain')
  }

  function doClose (this: WebSocketTransport, onClosed?: () => void): void {
    const frames = waiting.get(this)
    if (frames) {
      waiting.delete(this)
      write(this, frames)
    }
    (Object.getPrototypeOf(this) as WebSocketTransport).doClose.call(this, onClosed)
  }

  function take ({ transport }: Conn): void {
    if (transport.name !== 'websocket') return
    // By themselves: Object.assign is slow with what is made for every connection.
    const websocket = transport as unknown as WebSocketTransport
    websocket.send = send
    websocket.doClose = doClose
  }

  io.engine.on('connection', (conn: Conn) => {
    take(conn)
    if (conn.transport.name !== 'websocket') conn.once('upgrade', () => { take(conn) })
  })

  return (conn, text, frame) => {
    const transport = conn.transport as unknown as WebSocketTransport
    // Engine.IO holds nothing back while the transport is writable: this overtakes nothing.
    if (transport.send === send && transport.writable && conn.readyState === 'open') enqueue(transport, frame)
    else conn.write(text, { wsPreEncodedFrame: [frame] } as object)
  }
}

/** All who hear a broadcast get the same frame. */
function frameOf ({ type, data = '', options }: Packet): Buffer {
  const frame = options?.wsPreEncodedFrame
  if (!frame) {
    if (typeof data !== 'string') throw new TypeError('Nothing that is sent to clients is binary.')
    return toFrame((codes[type] ?? '') + data)
  }
  if (frame.length > 1) frame.splice(0, frame.length, Buffer.concat(frame))
  return frame[0] as Buffer
}

function write (transport: WebSocketTransport, frames: Frames): void {
  const { readyState, _socket: tcp } = transport.socket
  if (readyState !== openState || !tcp || writeAll(tcp, frames)) return
  transport.writable = false
  tcp.once('drain', () => {
    transport.writable = true
    transport.emit('ready')
  })
}

/** Says whether more may come. */
function writeAll (tcp: TcpSocket, frames: Frames): boolean {
  if (!Array.isArray(frames)) return tcp.write(frames)
  if (frames.reduce((sum, { length }) => sum + length, 0) <= mostCopied) return tcp.write(Buffer.concat(frames))
  tcp.cork()
  const isTaken = frames.map((frame) => tcp.write(frame)).at(-1) ?? true
  tcp.uncork()
  return isTaken
}
