import { ContractError } from '../contract/index.ts'
import { Lane, type Batch, type Entry, type Solo } from './lane.ts'

export interface LanesOptions<Item, Result> {
  /**
   * Does what the store must do for the batch, and returns what is left to do then: to settle every item. Neither throws.
   * The store can be busy with the next batch meanwhile.
   */
  flush: (batch: Batch<Item, Result>) => Promise<() => void>
  maxBatch?: number
  /** Beyond this many waiting, new ones are refused rather than kept. */
  maxWaiting?: number
  maxWaitingInRoom?: number
  /** A batch that is not back after so long waits for a lock, most likely: the next one does not wait for it. */
  patienceMs?: number
  /** Batches on their way at once, those that take long included; and as many solos beside them. */
  maxOnTheWay?: number
  /** Who has just been answered is likely to speak again: so long the next batch waits for them. */
  companyMs?: number
}

/** A batch costs the store as much as so many messages, however small it is: one as large as this waits for nobody. */
const goodSize = 16

/**
 * So many lanes are kept although nothing goes on in them. A map that something is put into and taken out of for every
 * message is made anew all the time, and V8 chains each of its tables to the next: what one of them held is then kept until
 * all of the heap is looked through.
 */
const keptLanes = 1000

/**
 * The rooms' lanes. In each, work is done in the order of its arrival. What stands at the head of many lanes travels
 * together, and what arrives while one batch is on its way makes the next one: a group commit. While something of a
 * room is on its way, only that room waits for it, so that one that is hot or stuck does not hold up the others.
 */
export class Lanes<Item, Result> {
  readonly #options: Required<LanesOptions<Item, Result>>
  /** Those in which something waits or is on its way, and others of which somebody may soon speak again. */
  readonly #lanes = new Map<string, Lane<Item, Result>>()
  #mostLanes = keptLanes
  /** Lanes that are not busy, by what comes next in them; the one that has been there longest first. */
  #readyToTravel: Array<Lane<Item, Result>> = []
  #readyAlone: Array<Lane<Item, Result>> = []
  #waiting = 0
  /** Batches on their way, and how many of these take long. */
  #travelling = 0
  #late = 0
  #solos = 0
  #isAwake = false
  /** Set while the next batch waits for company, and how many it takes to go at once. */
  #resting: NodeJS.Timeout | undefined
  #company = 0

  constructor (options: LanesOptions<Item, Result>) {
    this.#options = { maxBatch: 64, maxWaiting: 20_000, maxWaitingInRoom: 5000, patienceMs: 100, maxOnTheWay: 4, companyMs: 1, ...options }
  }

  /** How many lanes are kept: for tests. */
  get size (): number {
    return this.#lanes.size
  }

  /** Takes its place in the room's lane at once, before the promise is looked at. */
  submit (roomId: string, key: string, item: Item): Promise<Result> {
    return new Promise((resolve, reject) => { this.#enqueue(roomId, { item, key, resolve, reject }) })
  }

  /** Does this alone, after what came before in the room and before what comes after. */
  alone<T> (roomId: string, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#enqueue(roomId, { run: () => Promise.resolve().then(work).then(resolve, reject), reject })
    })
  }

  /** Turns away whatever waits: after a failure that they would all meet, nobody is to overtake whom it hit first. */
  refuseWaiting (error: unknown): void {
    this.#readyToTravel = []
    this.#readyAlone = []
    this.#waiting = 0
    for (const lane of this.#lanes.values()) lane.refuseAll(error)
  }

  #enqueue (roomId: string, work: Entry<Item, Result> | Solo): void {
    const lane = this.#lanes.get(roomId) ?? this.#openLane(roomId)
    if (this.#waiting >= this.#options.maxWaiting || lane.length >= this.#options.maxWaitingInRoom) {
      work.reject(new ContractError('server.unavailable', { retryAfterMs: 500 }))
      return
    }
    this.#waiting++
    lane.push(work)
    if (this.#resting && this.#waiting >= this.#company) this.#endRest()
    if (lane.isBusy || lane.length > 1) return
    this.#getReady(lane)
    // What other sockets have sent in the same turn of the event loop goes along.
    this.#wake()
  }

  #openLane (roomId: string): Lane<Item, Result> {
    if (this.#lanes.size >= this.#mostLanes) this.#closeIdle()
    const lane = new Lane<Item, Result>(roomId)
    this.#lanes.set(roomId, lane)
    return lane
  }

  #closeIdle (): void {
    for (const lane of this.#lanes.values()) if (!lane.isBusy && lane.length === 0) this.#lanes.delete(lane.roomId)
    this.#mostLanes = Math.max(keptLanes, 2 * this.#lanes.size)
  }

  #getReady (lane: Lane<Item, Result>): void {
    lane.isBusy = false
    if (lane.length === 0) return
    if (lane.isSoloNext) this.#readyAlone.push(lane)
    else this.#readyToTravel.push(lane)
  }

  #wake (): void {
    if (this.#isAwake) return
    this.#isAwake = true
    setImmediate(() => { this.#isAwake = false; this.#start() })
  }

  /** Lets those who were just answered speak again, unless enough others wait. */
  #rest (answered: number): void {
    this.#company = Math.min(goodSize, this.#waiting + answered)
    if (answered === 1 || this.#waiting >= this.#company) this.#wake()
    else this.#resting ??= setTimeout(() => { this.#endRest() }, this.#options.companyMs).unref()
  }

  #endRest (): void {
    clearTimeout(this.#resting)
    this.#resting = undefined
    this.#wake()
  }

  /** Sends on their way whatever may go. */
  #start (): void {
    const { maxOnTheWay } = this.#options
    while (this.#readyAlone.length > 0 && this.#solos < maxOnTheWay) void this.#goAlone(this.#readyAlone.shift() as Lane<Item, Result>)
    if (this.#resting) return
    while (this.#readyToTravel.length > 0 && this.#travelling === this.#late && this.#travelling < maxOnTheWay) void this.#travel()
  }

  async #goAlone (lane: Lane<Item, Result>): Promise<void> {
    this.#solos++
    this.#waiting--
    lane.isBusy = true
    await lane.takeSolo().run()
    this.#solos--
    this.#getReady(lane)
    this.#wake()
  }

  async #travel (): Promise<void> {
    const { batch, lanes } = this.#takeBatch()
    this.#travelling++
    let isLate = false
    const patience = setTimeout(() => {
      isLate = true
      this.#late++
      this.#wake()
    }, this.#options.patienceMs).unref()
    const settle = await this.#options.flush(batch)
    clearTimeout(patience)
    this.#travelling--
    if (isLate) this.#late--
    if (this.#readyToTravel.length >= goodSize) this.#start()
    settle()
    for (const lane of lanes) this.#getReady(lane)
    this.#rest(batch.length)
  }

  #takeBatch (): { batch: Batch<Item, Result>, lanes: Array<Lane<Item, Result>> } {
    const { maxBatch } = this.#options
    const batch: Batch<Item, Result> = []
    let count = 0
    for (const lane of this.#readyToTravel) {
      if (batch.length === maxBatch) break
      lane.isBusy = true
      this.#waiting -= lane.moveInto(batch, maxBatch - batch.length)
      count++
    }
    return { batch, lanes: this.#readyToTravel.splice(0, count) }
  }
}
