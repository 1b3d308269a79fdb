import { ContractError } from '../contract/index.ts'

export interface AdmissionOptions {
  /** How many are let in at once. */
  atOnce: number
  /** How long somebody waits in line at most. Who would have to wait longer is turned away at once. */
  patienceMs: number
  onRefused: () => void
}

/** A place in the line, and then inside. */
export interface Place {
  /** Settles when it is their turn; fails with `server.unavailable` when that takes too long, or they have gone. */
  admitted: Promise<void>
  /** They are in, or have gone: the next one's turn. More than once is no harm. */
  leave: () => void
}

/** How long one takes, before any has been measured. */
const firstGuessMs = 50
/** How much the latest counts in what one takes. */
const newsWeight = 0.1
const minRetryMs = 500
const maxRetryMs = 60_000

const atOnceAdmitted = Promise.resolve()

interface Waiting {
  begin: () => void
  turnAway: () => void
}

/**
 * Lets a storm of handshakes in a few at a time. What a handshake costs is measured; from that follows how long the line
 * is in time. Each who is turned away is told to come back when their turn would be, one after the other: so a crowd
 * comes back spread over the time that it needs, however large it is.
 */
export function createAdmission ({ atOnce, patienceMs, onRefused }: AdmissionOptions) {
  const line = new Set<Waiting>()
  let inside = 0
  let heldMs = firstGuessMs
  /** When everybody who was told to come back will have had their turn. */
  let bookedUntil = 0

  const lineMs = (): number => line.size * heldMs / atOnce

  function refusal (): ContractError {
    onRefused()
    const now = performance.now()
    bookedUntil = Math.min(Math.max(bookedUntil, now + lineMs()) + heldMs / atOnce, now + maxRetryMs)
    const afterMs = (bookedUntil - now) * (0.75 + Math.random() / 2)
    return new ContractError('server.unavailable', { retryAfterMs: Math.round(minRetryMs * (0.5 + Math.random()) + afterMs) })
  }

  function admitNext (): void {
    const [next] = line
    if (!next) return
    line.delete(next)
    next.begin()
  }

  /** They are in. Calling what it returns lets the next one in, once. */
  function begin (): () => void {
    const since = performance.now()
    let isInside = true
    inside++
    return () => {
      if (!isInside) return
      isInside = false
      heldMs += newsWeight * (performance.now() - since - heldMs)
      inside--
      admitNext()
    }
  }

  function standInLine (): Place {
    const { promise: admitted, resolve, reject } = withResolvers()
    let leaveInside: (() => void) | undefined
    const waiting: Waiting = {
      begin () {
        clearTimeout(timer)
        leaveInside = begin()
        resolve()
      },
      turnAway () {
        line.delete(waiting)
        reject(refusal())
      }
    }
    const timer = setTimeout(waiting.turnAway, patienceMs)
    line.add(waiting)
    const leave = (): void => {
      clearTimeout(timer)
      if (line.delete(waiting)) reject(new ContractError('server.unavailable'))
      else leaveInside?.()
    }
    return { admitted, leave }
  }

  return {
    get waiting (): number {
      return line.size
    },

    /** @throws `server.unavailable` when the line is too long. */
    enter (): Place {
      // Most never wait: they need no promise and no timer of their own.
      if (inside < atOnce) return { admitted: atOnceAdmitted, leave: begin() }
      if (lineMs() > patienceMs) throw refusal()
      return standInLine()
    }
  }
}

export type Admission = ReturnType<typeof createAdmission>

/** Node 20 has no Promise.withResolvers yet. */
function withResolvers () {
  let resolve!: () => void
  let reject!: (error: Error) => void
  const promise = new Promise<void>((_resolve, _reject) => { resolve = _resolve; reject = _reject })
  return { promise, resolve, reject }
}
