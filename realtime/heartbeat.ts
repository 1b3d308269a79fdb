import type { ParleyServer, ParleySocket } from './server.ts'

type Conn = ParleySocket['conn']

/** A connection of Engine.IO, as far as its heartbeat goes: what it keeps for the timers that are not used here. */
export interface Beating {
  readyState: string
  pingIntervalTimer: NodeJS.Timeout | null
  /** Null once the pong is there, be it a timer or not. */
  pingTimeoutTimer: { refresh: () => void } | null
  /** Something else has come while the pong was waited for. */
  hasRefreshedPingTimeout: boolean
  onClose: (reason: string) => void
}

interface HeartbeatOptions {
  intervalMs: number
  timeoutMs: number
  ping: (conn: Beating) => void
  /** Whoever is to be pinged within this time is pinged at once. */
  tickMs?: number
}

/** Connections that are pinged at once. */
interface Crowd {
  conns: Set<Beating>
  pingedAt: number
  isAwaited: boolean
}

/** Stands where a timer would that waits for a pong. */
const waiting = Object.freeze({ refresh () {} })
/** A new connection joins the smallest of so many crowds: those who come at once are not for ever pinged at once. */
const choice = 4

/**
 * Pings all connections by one timer, many in a turn of the event loop, and gives up those that do not answer in time.
 * Engine.IO has two timers for each of them, and wakes the process for each ping.
 */
export class Heartbeat {
  readonly #options: Required<HeartbeatOptions>
  readonly #crowds: Crowd[]
  readonly #timer: NodeJS.Timeout
  /** Of the crowd that was pinged last. */
  #index = 0
  #dueAt: number

  constructor (options: HeartbeatOptions) {
    this.#options = { tickMs: 500, ...options }
    const { intervalMs, tickMs } = this.#options
    this.#crowds = Array.from({ length: Math.floor(intervalMs / tickMs) }, () => ({ conns: new Set<Beating>(), pingedAt: 0, isAwaited: false }))
    this.#dueAt = performance.now() + tickMs
    this.#timer = setInterval(() => { this.#tick() }, tickMs)
  }

  /** Takes a connection over from Engine.IO's own timers, until it is closed. */
  add (conn: Beating): void {
    if (conn.pingIntervalTimer) clearTimeout(conn.pingIntervalTimer)
    conn.pingIntervalTimer = null
    let smallest = this.#crowdAt(this.#index)
    for (let back = 1; back < choice; back++) {
      const crowd = this.#crowdAt(this.#index - back)
      if (crowd.conns.size < smallest.conns.size) smallest = crowd
    }
    smallest.conns.add(conn)
  }

  stop (): void {
    clearInterval(this.#timer)
  }

  #crowdAt (index: number): Crowd {
    const { length } = this.#crowds
    return this.#crowds[(index + length) % length] as Crowd
  }

  #tick (): void {
    const now = performance.now()
    // A timer may be a millisecond early.
    for (let most = this.#crowds.length; this.#dueAt <= now + 1 && most > 0; most--) {
      this.#index = (this.#index + 1) % this.#crowds.length
      this.#ping(this.#crowdAt(this.#index), now)
      this.#dueAt += this.#options.tickMs
    }
    // All were pinged after a long stop: the rounds that were missed are not made up for.
    if (this.#dueAt <= now) this.#dueAt = now + this.#options.tickMs
    const late = this.#crowds.filter(({ isAwaited, pingedAt }) => isAwaited && now - pingedAt >= this.#options.timeoutMs)
    // After what waits to be read: when this process was busy for long, pongs are there that it has not seen.
    if (late.length > 0) setImmediate(() => { for (const crowd of late) giveUp(crowd) })
  }

  #ping (crowd: Crowd, now: number): void {
    crowd.pingedAt = now
    crowd.isAwaited = crowd.conns.size > 0
    for (const conn of crowd.conns) {
      if (conn.readyState === 'closed') {
        crowd.conns.delete(conn)
        continue
      }
      conn.hasRefreshedPingTimeout = false
      conn.pingTimeoutTimer = waiting
      this.#options.ping(conn)
    }
  }
}

/** From now on all connections are pinged so. */
export function startHeartbeat (io: ParleyServer, { ping, ...options }: Omit<HeartbeatOptions, 'ping'> & { ping: (conn: Conn) => void }): Heartbeat {
  // Engine.IO's types do not say what it keeps for its timers.
  const heartbeat = new Heartbeat({ ...options, ping: (conn) => { ping(conn as unknown as Conn) } })
  io.engine.on('connection', (conn: Conn) => { heartbeat.add(conn as unknown as Beating) })
  return heartbeat
}

/** Whoever has said something else meanwhile is alive: the next ping tells. */
function giveUp (crowd: Crowd): void {
  crowd.isAwaited = false
  for (const conn of crowd.conns) {
    if (conn.pingTimeoutTimer !== null && !conn.hasRefreshedPingTimeout && conn.readyState !== 'closed') conn.onClose('ping timeout')
  }
}
