import type { Presence, ServerEventPayload } from '../../../contract/index.ts'
import { LightSocket, Refusal } from '../../light/socket.ts'
import type { Brought, Dialect } from './dialects.ts'
import { Receiver, type Tally } from './receiver.ts'
import type { Seat } from './tasks.ts'

const readyMs = 30_000

let lastPayload: unknown
let lastBrought: Brought | undefined

/** The same payload comes to every listener of this process. */
function readOnce (dialect: Dialect, name: string, payload: unknown): Brought | undefined {
  if (payload !== lastPayload) {
    lastBrought = dialect.read(name, payload)
    lastPayload = payload
  }
  return lastBrought
}

/** Somebody who is connected. */
export interface Connection {
  socket: LightSocket
  receiver: Receiver
  /** How those are whom this one watches. */
  pictures: Map<string, Presence['status']>
  watches: string[]
}

/** Connects, waits until it is ready, enters its rooms and watches. @throws Refusal, Error */
export async function connect (name: string, seat: Seat, dialect: Dialect, tally: Tally): Promise<Connection> {
  const receiver = new Receiver(name, seat.rooms[0] ?? '', tally)
  const pictures: Connection['pictures'] = new Map()
  let onReady = (): void => {}
  const ready = dialect.readyEvent === undefined
    ? Promise.resolve()
    : new Promise<void>((resolve) => { onReady = resolve })
  const socket = await LightSocket.open({
    url: seat.url,
    ...(seat.cookie !== undefined && { cookie: seat.cookie }),
    onEvent (event, payload) {
      if (event === dialect.readyEvent) onReady()
      else if (event === 'presence:changed') keep(pictures, (payload as ServerEventPayload<'presence:changed'>).users)
      else {
        const brought = readOnce(dialect, event, payload)
        if (brought) receiver.take(brought)
      }
    },
    onClose () { receiver.isLost = true }
  })
  await within(ready, 'ready')
  if (dialect.join && seat.rooms.length > 0) await within(socket.ask(...dialect.join(seat.rooms)), 'in its rooms')
  const { watches = [] } = seat
  if (watches.length > 0) {
    await within(new Promise<void>((resolve) => {
      socket.tell('presence:watch', { userIds: watches }, (answer) => {
        // In this very tick: changes that follow in the same read are newer.
        keep(pictures, (answer as { data?: { users: Presence[] } }).data?.users ?? [])
        resolve()
      })
    }), 'told who is there')
  }
  return { socket, receiver, pictures, watches }
}

function keep (pictures: Connection['pictures'], users: Presence[]): void {
  for (const { userId, status } of users) pictures.set(userId, status)
}

async function within<T> (promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => { reject(new Error(`A connection was not ${what} within ${readyMs / 1000} s.`)) }, readyMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** When to come again, as the server said while it refused for a moment; undefined when that was no such refusal. */
export function retryAfterMs (error: unknown): number | undefined {
  if (!(error instanceof Refusal)) return undefined
  const { retryable, retryAfterMs: afterMs } = (error.data as { error?: { retryable?: boolean, retryAfterMs?: number } } | undefined)?.error ?? {}
  return retryable === true && afterMs !== undefined ? afterMs : undefined
}
