import { Lease, type LeaseOptions } from './lease.ts'
import type { Change, LeaseKey, Sample } from './store.ts'

/** A connection of this node. */
export interface Connection {
  userId: string
  sessionId: string
  status: 'online' | 'away'
}

/** A change that Redis does not have yet. */
interface Pending extends Change {
  /** On this process's clock; for `left`. */
  graceEndsAt: number
}

/** Those who wait until what is pending is written, or could not be for now: one promise for all of them. */
interface Round {
  promise: Promise<void>
  settle: () => void
}

export interface PartitionOptions extends LeaseOptions {
  onFailure: (error: unknown) => void
}

/** Changes written by one run of a script. */
const batchSize = 400
/** How often in a row a lease is taken anew before the next beat is waited for. */
const maxEntries = 3

/**
 * One partition, as this node writes it. What stands here is the truth about this node's connections; Redis is brought
 * to agree, in batches, again and again until it does.
 */
export class Partition {
  readonly index: number
  readonly #lease: Lease
  readonly #options: PartitionOptions
  readonly #connections = new Map<string, Connection>()
  #samples = this.#connections.entries()
  readonly #pending = new Map<string, Pending>()
  #round: Round | undefined
  readonly #awaiting = new Set<() => void>()
  #isPutBack = false
  #isRunning = false

  constructor (options: PartitionOptions) {
    this.index = options.partition
    this.#options = options
    this.#lease = new Lease(options)
  }

  get lives (): number {
    return this.#lease.lives
  }

  get isOutOfTouch (): boolean {
    return this.#lease.isOutOfTouch
  }

  get connections (): ReadonlyMap<string, Connection> {
    return this.#connections
  }

  /** Resolves when Redis has it, or cannot be asked and will have it later. */
  put (connectionId: string, connection: Connection): Promise<void> {
    this.#connections.set(connectionId, connection)
    return this.#change(toPending(connectionId, connection, connection.status, 0))
  }

  /** Resolves like `put`. A connection that is not here is none of ours. */
  async remove (connectionId: string, what: 'left' | 'ended', graceMs = 0): Promise<void> {
    const connection = this.#connections.get(connectionId)
    if (!connection) return
    this.#connections.delete(connectionId)
    await this.#change(toPending(connectionId, connection, what, performance.now() + graceMs))
  }

  /** Keeps the lease, or takes it anew; says whether this round's sweep is ours. */
  async beat (): Promise<{ isSweepDue: boolean }> {
    const isIdle = !this.#isRunning && this.#pending.size === 0
    const renewed = this.#isReady ? await this.#lease.renew(isIdle ? this.#nextSample() : undefined) : undefined
    if (!this.#isReady || this.#pending.size > 0) this.#work()
    return renewed ?? { isSweepDue: false }
  }

  /** Asks Redis under a lease that holds; undefined when there is none to be had. Throws when Redis is away. */
  async ask<T> (step: (key: LeaseKey) => Promise<T | undefined>): Promise<T | undefined> {
    for (let attempt = 0; attempt < 2 && await this.ready(); attempt++) {
      const answer = await this.#lease.use(step)
      if (answer !== undefined) return answer
    }
    return undefined
  }

  /** Says whether the lease is ours and Redis has all our connections, after an attempt to make it so. */
  async ready (): Promise<boolean> {
    if (!this.#isReady) {
      await new Promise<void>((resolve) => {
        this.#awaiting.add(resolve)
        this.#work()
      })
    }
    return this.#isReady
  }

  /** Gives up the lease, once everything is written; what cannot be written runs out with it. */
  async leave (): Promise<void> {
    while (this.#isRunning) await new Promise<void>((resolve) => { this.#awaiting.add(resolve) })
    if (this.#isReady && this.#pending.size === 0) await this.#lease.use(this.#options.store.leave)
  }

  /** One connection after the other, and from the beginning again: each is looked after in its turn. */
  #nextSample (): Sample | undefined {
    let next = this.#samples.next()
    if (next.done) {
      this.#samples = this.#connections.entries()
      next = this.#samples.next()
    }
    if (next.done) return undefined
    const [connectionId, { userId }] = next.value
    return { connectionId, userId }
  }

  get #isReady (): boolean {
    return this.#lease.isHeld && this.#isPutBack
  }

  #change (change: Pending): Promise<void> {
    this.#pending.set(change.connectionId, change)
    this.#work()
    this.#round ??= beginRound()
    return this.#round.promise
  }

  #work (): void {
    if (this.#isRunning) return
    this.#isRunning = true
    // What else happens in this turn of the event loop goes along.
    setImmediate(() => { void this.#run() })
  }

  async #run (): Promise<void> {
    try {
      for (let entries = 0; !this.#isReady || this.#pending.size > 0;) {
        if (this.#isReady) await this.#write()
        else if (entries++ < maxEntries) await this.#enter()
        else throw new Error('The presence lease is lost as soon as it is taken.')
      }
    } catch (error) {
      this.#options.onFailure(error)
      this.#round?.settle()
      this.#round = undefined
    }
    this.#isRunning = false
    this.#answer()
  }

  /** Takes the lease and puts back what is here: entries under an older lease count for nothing. */
  async #enter (): Promise<void> {
    this.#isPutBack = false
    await this.#lease.take()
    const changes = Array.from(this.#connections, ([connectionId, connection]) => toPending(connectionId, connection, connection.status, 0))
    for (let start = 0; start < changes.length; start += batchSize) {
      const batch = changes.slice(start, start + batchSize)
      if (!await this.#lease.use((key) => this.#options.store.change(key, batch))) return
    }
    this.#isPutBack = true
    this.#answer()
  }

  async #write (): Promise<void> {
    const batch = this.#takePending()
    const round = this.#pending.size === 0 ? this.#round : undefined
    if (round) this.#round = undefined
    let isWritten
    try {
      isWritten = await this.#lease.use((key) => this.#options.store.change(key, batch))
    } finally {
      if (isWritten) round?.settle()
      else this.#takeBack(batch, round)
    }
  }

  #takePending (): Pending[] {
    const batch: Pending[] = []
    const now = performance.now()
    for (const change of this.#pending.values()) {
      if (batch.length === batchSize) break
      change.graceMs = Math.max(0, change.graceEndsAt - now)
      batch.push(change)
    }
    for (const { connectionId } of batch) this.#pending.delete(connectionId)
    return batch
  }

  /** What could not be written waits again, except where something newer is to be said of the connection. */
  #takeBack (batch: Pending[], round: Round | undefined): void {
    for (const change of batch) if (!this.#pending.has(change.connectionId)) this.#pending.set(change.connectionId, change)
    if (!round) return
    if (this.#round) void this.#round.promise.then(round.settle)
    else this.#round = round
  }

  #answer (): void {
    for (const resolve of this.#awaiting) resolve()
    this.#awaiting.clear()
  }
}

function toPending (connectionId: string, { userId, sessionId }: Connection, what: Change['what'], graceEndsAt: number): Pending {
  return { what, userId, connectionId, sessionId, graceMs: 0, graceEndsAt }
}

function beginRound (): Round {
  let settle!: () => void
  const promise = new Promise<void>((resolve) => { settle = resolve })
  return { promise, settle }
}
