/**
 * Socket.IO's protocol (version 5) inside Engine.IO's (version 4), as far as a light client over a websocket needs it:
 * texts only, the main namespace only. Source: https://socket.io/docs/v4/socket-io-protocol
 */
export type Packet =
  | { kind: 'open', sid: string }
  | { kind: 'ping' }
  | { kind: 'connected', id: string }
  | { kind: 'refused', data: unknown }
  | { kind: 'event', name: string, payload: unknown }
  | { kind: 'ack', id: number, answer: unknown }
  | { kind: 'disconnected' }
  | { kind: 'other', text: string }

export const enterText = '40'
export const pongText = '3'

/** What the server says in one frame. */
export function readPacket (text: string): Packet {
  switch (text[0]) {
    case '0': return { kind: 'open', sid: (JSON.parse(text.slice(1)) as { sid: string }).sid }
    case '2': return { kind: 'ping' }
    case '4': return readMessage(text)
    default: return { kind: 'other', text }
  }
}

function readMessage (text: string): Packet {
  switch (text[1]) {
    case '0': return { kind: 'connected', id: (JSON.parse(text.slice(2)) as { sid: string }).sid }
    case '1': return { kind: 'disconnected' }
    case '2': {
      const [name, payload] = JSON.parse(text.slice(text.indexOf('['))) as [string, unknown]
      return { kind: 'event', name, payload }
    }
    case '3': {
      const start = text.indexOf('[')
      return { kind: 'ack', id: Number(text.slice(2, start)), answer: (JSON.parse(text.slice(start)) as [unknown])[0] }
    }
    case '4': return { kind: 'refused', data: (JSON.parse(text.slice(2)) as { data?: unknown }).data }
    default: return { kind: 'other', text }
  }
}

export function writeCommand (id: number, name: string, payload: unknown): string {
  return `42${id}${JSON.stringify([name, payload])}`
}

let lastText = ''
let lastPacket: Packet | undefined

/**
 * The same, remembering the frame before: what a server tells a whole room arrives once for each of its listeners here,
 * and is read once. The packet is shared: nobody may change it.
 */
export function readPacketOnce (text: string): Packet {
  if (lastPacket === undefined || text !== lastText) {
    lastPacket = readPacket(text)
    lastText = text
  }
  return lastPacket
}
