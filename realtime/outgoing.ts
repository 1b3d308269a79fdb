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
  /** What it is told in this turn; here, since to look it up elsewhere for everybody who hears a message costs more. */
  waiting: Frames | undefined
  send: (packets: Packet[]) => void
  doClose: (onClosed?: () => void) => void
}

type Conn = ParleySocket['conn']

/** What Engine.IO pings by. */
interface Pinging {
  sendPacket: (type: 'ping') => void
}

export interface Outgoing {
  /** Tells one connection what many are told: the packet's text, and its frame for those who have a websocket. */
  tell: (conn: Conn, text: string, frame: Buffer) => void
  ping: (conn: Conn) => void
}

export type Tell = Outgoing['tell']

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

const pingFrame = toFrame('2')

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
export function writeOnceATurn (io: ParleyServer): Outgoing {
  let due: WebSocketTransport[] = []

  function flush (): void {
    const transports = due
    due = []
    for (const transport of transports) writeWaiting(transport)
  }

  function enqueue (transport: WebSocketTransport, frame: Buffer): void {
    const { waiting } = transport
    if (Array.isArray(waiting)) waiting.push(frame)
    else if (waiting) transport.waiting = [waiting, frame]
    else {
      transport.waiting = frame
      if (due.push(transport) === 1) process.nextTick(flush)
    }
  }

  function send (this: WebSocketTransport, packets: Packet[]): void {
    for (const packet of packets) enqueue(this, frameOf(packet))
    this.emit('drain')
  }

  function doClose (this: WebSocketTransport, onClosed?: () => void): void {
    writeWaiting(this)
    const { doClose: closeAsEver } = Object.getPrototypeOf(this) as WebSocketTransport
    closeAsEver.call(this, onClosed)
  }

  function take ({ transport }: Conn): void {
    if (transport.name !== 'websocket') return
    // By themselves: Object.assign is slow with what is made for every connection.
    const websocket = transport as unknown as WebSocketTransport
    websocket.send = send
    websocket.doClose = doClose
    websocket.waiting = undefined
  }

  io.engine.on('connection', (conn: Conn) => {
    take(conn)
    if (conn.transport.name !== 'websocket') conn.once('upgrade', () => { take(conn) })
  })

  /** Says whether it could. Engine.IO holds nothing back while the transport is writable: this overtakes nothing. */
  function tellAtOnce (conn: Conn, frame: Buffer): boolean {
    const transport = conn.transport as unknown as WebSocketTransport
    const isReady = transport.send === send && transport.writable && conn.readyState === 'open'
    if (isReady) enqueue(transport, frame)
    return isReady
  }

  return {
    tell (conn, text, frame) {
      if (!tellAtOnce(conn, frame)) conn.write(text, { wsPreEncodedFrame: [frame] } as object)
    },
    ping (conn) {
      if (!tellAtOnce(conn, pingFrame)) (conn as unknown as Pinging).sendPacket('ping')
    }
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

function writeWaiting (transport: WebSocketTransport): void {
  const { waiting } = transport
  transport.waiting = undefined
  if (waiting) write(transport, waiting)
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
