import type { FastifyBaseLogger } from 'fastify'
import type { RedisClients } from '../../plugins/redis.ts'
import { within } from '../within.ts'
import { Neighbours, welcome } from './neighbours.ts'

export interface LinkOptions {
  redis: RedisClients
  /** Different for every life of every node. */
  nodeId: string
  log: FastifyBaseLogger
  /** The way from Redis to this node broke, or works again. */
  onAlive: (isAlive: boolean) => void
  onFailure: (error: unknown) => void
}

const probeMs = 1000
/** Without a probe for so long the way is taken for dead, whatever PING says. */
const silenceMs = 2500
/** And after so long it is laid anew. */
const renewMs = 6000
const subscribeMs = 500
const firstProbeMs = 2000

/**
 * The way from Redis to this node: laid, made known to the other nodes, and tested by a probe that takes it, since a
 * subscription can be dead on a connection that answers.
 */
export class Link {
  readonly #options: LinkOptions
  readonly #probeChannel: string
  readonly #neighbours: Neighbours
  readonly #timer: NodeJS.Timeout
  #heardAt = 0
  #triedAt = Date.now()
  #isAlive = false
  #isStopped = false
  #probes = 0
  /** Waits for the probe that was sent last, and is told whether it came. */
  #onHeard: ((isHeard: boolean) => void) | undefined
  #onFirstAlive: ((isAlive: boolean) => void) | undefined
  #arrivals = 0
  #isArriving = false
  /** Whether this node listens, and the others know. */
  #hasArrived = false

  constructor (options: LinkOptions) {
    this.#options = options
    const { redis, nodeId, onFailure } = options
    const probeChannelOf = (id: string): string => redis.name('probe', id)
    this.#probeChannel = probeChannelOf(nodeId)
    this.#neighbours = new Neighbours({ redis, nodeId, probeChannelOf, onFailure })
    redis.subscriber.on('smessage', this.#onMessage)
    redis.subscriber.on('close', this.#onClose)
    redis.subscriber.on('ready', this.#onReady)
    this.#timer = setInterval(() => { this.#beat() }, probeMs)
  }

  /** Whether what others publish arrives here. */
  get isAlive (): boolean {
    return this.#isAlive
  }

  /** Whether nobody else is there to whom anything is to be said. */
  get isAlone (): boolean {
    return this.#neighbours.isAlone
  }

  /** Settles when what is published arrives here, so that a node that listens can serve; or when that takes too long. */
  async start (): Promise<void> {
    const isAlive = new Promise<boolean>((resolve) => { this.#onFirstAlive = resolve })
    await this.#arriveAndProbe()
    await within(isAlive, firstProbeMs)
  }

  stop (): void {
    this.#isStopped = true
    clearInterval(this.#timer)
    this.#onHeard?.(false)
    this.#onFirstAlive?.(false)
    // What is still committed is told: who has come meanwhile is not heard any more.
    this.#neighbours.forget()
    const { subscriber } = this.#options.redis
    subscriber.off('smessage', this.#onMessage)
    subscriber.off('close', this.#onClose)
    subscriber.off('ready', this.#onReady)
  }

  /** Says whether they are subscribed now; where not, it happens by itself when Redis is back. */
  async subscribe (channels: string[]): Promise<boolean> {
    const { redis: { subscriber }, onFailure } = this.#options
    const isDone = Promise.all(channels.map((channel) => subscriber.ssubscribe(channel)))
      .then(() => true, (error: unknown) => { onFailure(error); return false })
    return subscriber.status === 'ready' && await within(isDone, subscribeMs)
  }

  readonly #onMessage = (channel: string, message: string): void => {
    if (channel === this.#neighbours.channel) this.#neighbours.hear(message)
    if (channel !== this.#probeChannel) return
    if (message === welcome) this.#neighbours.welcomed()
    else this.#onProbe(message)
  }

  #onProbe (message: string): void {
    this.#heardAt = Date.now()
    if (message === String(this.#probes)) this.#onHeard?.(true)
    // Before the others know, they may keep to themselves what nothing would bring here.
    if (this.#hasArrived) this.#setAlive(true)
  }

  readonly #onClose = (): void => { this.#neighbours.forget() }

  readonly #onReady = (): void => {
    // Whatever was said meanwhile was not heard, however short it was.
    this.#setAlive(false)
    void this.#arriveAndProbe()
  }

  async #arriveAndProbe (): Promise<void> {
    await this.#arrive()
    if (!this.#isStopped) this.#probe()
  }

  /** Listens, and then lets the other nodes know. */
  async #arrive (): Promise<void> {
    const arrival = ++this.#arrivals
    this.#hasArrived = false
    this.#isArriving = true
    const isListening = await this.subscribe([this.#neighbours.channel, this.#probeChannel])
    const hasArrived = isListening && !this.#isStopped && await this.#neighbours.greet()
    if (arrival !== this.#arrivals) return
    this.#isArriving = false
    this.#hasArrived = hasArrived
  }

  #beat (): void {
    const mayArrive = !this.#isArriving && this.#options.redis.subscriber.status === 'ready'
    if (!this.#hasArrived && mayArrive) void this.#arriveAndProbe()
    else this.#probe()
  }

  #probe (): void {
    const { subscriber, commands } = this.#options.redis
    const now = Date.now()
    if (now - this.#heardAt > silenceMs) this.#setAlive(false)
    if (now - Math.max(this.#heardAt, this.#triedAt) > renewMs && subscriber.status === 'ready') {
      this.#triedAt = now
      this.#options.log.warn('nothing arrives from redis: connecting anew')
      subscriber.disconnect(true)
    }
    this.#onHeard?.(false)
    const isHeard = within(new Promise((resolve) => { this.#onHeard = resolve }), silenceMs)
    void this.#neighbours.count(isHeard)
    commands.spublish(this.#probeChannel, String(++this.#probes)).catch(() => { this.#setAlive(false) })
  }

  #setAlive (isAlive: boolean): void {
    if (isAlive) this.#onFirstAlive?.(true)
    else this.#neighbours.forget()
    if (isAlive === this.#isAlive) return
    this.#isAlive = isAlive
    this.#options.onAlive(isAlive)
  }
}
