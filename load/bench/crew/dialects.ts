import { randomUUID } from 'node:crypto'
import type { CommandPayload, ErrorAnswer, RoomEvent, ServerEventPayload } from '../../../contract/index.ts'
import type { CandidateName } from '../sample.ts'

/** What an event brought: messages of one room. */
export interface Brought {
  texts: string[]
  /** Of all that came with it, messages or not, where the room numbers them. */
  seqs?: number[]
}

/** How clients speak with a candidate. */
export interface Dialect {
  /** The event after which a connection is ready; undefined where that is the handshake itself. */
  readyEvent?: string
  /** What puts a connection into its rooms; undefined where it is in them from the start. */
  join?: (roomIds: string[]) => [name: string, payload: unknown]
  send: (roomId: string, text: string) => [name: string, payload: unknown]
  read: (name: string, payload: unknown) => Brought | undefined
  /** Why a command was refused; undefined when it was not. */
  refusal: (answer: unknown) => string | undefined
}

const bare: Dialect = {
  join: (roomIds) => ['join', roomIds],
  send: (roomId, text) => ['message', { roomId, id: randomUUID(), text }],
  read (name, payload) {
    if (name === 'message') return { texts: [(payload as { text: string }).text] }
    if (name === 'messages') return { texts: (payload as { messages: Array<{ text: string }> }).messages.map(({ text }) => text) }
  },
  refusal: (answer) => (answer as { ok: boolean }).ok ? undefined : 'refused'
}

const parley: Dialect = {
  readyEvent: 'session:ready',
  send: (roomId, text) => ['message:send', { roomId, id: randomUUID(), text } satisfies CommandPayload<'message:send'>],
  read (name, payload) {
    if (name !== 'room:events') return undefined
    const { events } = payload as ServerEventPayload<'room:events'>
    return { texts: events.flatMap(toText), seqs: events.map(({ seq }) => seq) }
  },
  refusal (answer) {
    const { ok, error } = answer as { ok: boolean } & Partial<ErrorAnswer>
    return ok ? undefined : error?.code ?? 'refused'
  }
}

function toText (event: RoomEvent): string[] {
  return event.type === 'message.sent' && event.data.text !== null ? [event.data.text] : []
}

export function dialectOf (candidate: CandidateName): Dialect {
  return candidate === 'parley' ? parley : bare
}
