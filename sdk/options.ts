import type { CookieJar } from './cookies.ts'
import type { LogStart, Position } from './log.ts'
import type { OutboxStorage } from './outbox/storage.ts'

/** Everything may be left out in a browser on the server's own page; elsewhere `url` is needed. */
export interface ParleyOptions {
  /** Where the server is, such as `https://chat.example.com`. The page's own origin unless told otherwise. */
  url?: string
  /**
   * Where the log of a room begins that this client sees for the first time: with what happens from `now` on (the
   * default; `Room.loadBefore` reads what came before), with its `beginning`, or after a place that the app has kept.
   * After that it goes on without a gap, over any number of connections.
   */
  startAt?: LogStart | ((roomId: string) => Position | undefined)
  /** Where messages that are not sent yet survive a reload, such as `webStorage(localStorage)`. Unless given: nowhere. */
  storage?: OutboxStorage
  /** Cookies, in Node. A jar of its own unless given; a browser keeps them itself. */
  jar?: CookieJar
  /** What a listener of the app throws, and failures that nobody waits for. Goes to `console.error` unless given. */
  onError?: (error: unknown) => void
  /** In the order of trying. Both, websocket first, unless told otherwise. */
  transports?: readonly ('websocket' | 'polling')[]
  /** How long a REST call may take, in milliseconds; 30,000 unless given. */
  requestTimeoutMs?: number
  /** How long to wait for the ack of a command before it counts as lost, in milliseconds; 15,000 unless given. */
  ackTimeoutMs?: number
  /** In place of the global `fetch`. */
  fetch?: typeof fetch
}

/**
 * - `signed-out`: nobody is signed in, or it is not known yet; there is no socket.
 * - `connecting`: signed in, and not yet connected for the first time since.
 * - `online`: connected; events come live.
 * - `offline`: the connection broke; it is tried again and again. What is sent waits.
 * - `refused`: the server does not let this client in, and trying again would not help (`origin.refused`).
 * - `closed`: `close()` was called.
 */
export type ClientState = 'signed-out' | 'connecting' | 'online' | 'offline' | 'refused' | 'closed'
