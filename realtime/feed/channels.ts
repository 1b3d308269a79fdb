import type { FastifyBaseLogger } from 'fastify'
import type { RoomEvent } from '../../contract/index.ts'
import type { RedisClients } from '../../plugins/redis.ts'
import { within } from '../within.ts'
import { Neighbours, welcome } from './neighbours.ts'

/** What nodes tell each other about a room. A hint: whatever of it is lost is found in Postgres. */
export interface RoomNotice {
  epoch?: string
  events?: RoomEvent[]
  /** The JSON of these events, where it is at hand. Not part of what is said. */
  json?: string
  typing?: { userId: string, isTyping: boolean }
  isDeleted?: true
}

interface ChannelsOptions {
  redis: RedisClients
  /** Different for every life of every node. */
  nodeId: string
  log: FastifyBaseLogger
  onNotice: (roomId: string, notice: RoomNotice) => void
  /** The way from Redis to this node broke, or works again. */
  onAlive: (isAlive: boolean) => void
  onUnpublished: () => void
}

const probeMs = 1000
/** Without a probe for so long the way is taken for dead, whatever PING says. */
const silenceMs = 2500
/** And after so long it is laid anew. */
const renewMs = 6000
const subscribeMs = 500
const firstProbeMs = 2000

/**
 * The rooms' channels: sharded, so that only nodes with a socket in a room hear of it; and nobody says anything where there
 * is no other node. The way through Redis is tested by a probe that takes it, since a subscription can be dead on a
 * connection that answers.
 */
export class Channels {
  readonly #options: ChannelsOptions
  readonly #prefix: string
  readonly #probeChannel: string
  readonly #neighbours: Neighbours
  readonly #timer: NodeJS.Timeout
  #heardAt = 0
  #triedAt = Date.now()
  #isAlive = false
  #probes = 0
  /** Waits for the probe that was sent last, and is told whether it came. */
  #onHeard: ((isHeard: boolean) => void) | undefined
  #onFirstAlive: (() => void) | undefined
  #arrivals = 0
  #isArriving = false
  /** Whether this node listens, and the others know. */
  #hasArrived = false

  constructor (options: ChannelsOptions) {
    this.#options = options
    const { redis, nodeId } = options
    this.#prefix = `${redis.name('room')}:{`
    const probeChannelOf = (id: string): string => redis.name('probe', id)
    this.#probeChannel = probeChannelOf(nodeId)
    this.#neighbours = new Neighbours({ redis, nodeId, probeChannelOf, onFailure: (error) => { this.#report(error) } })
    redis.subscriber.on('smessage', this.#onMessage)
    redis.subscriber.on('close', this.#onClose)
    redis.subscriber.on('ready', this.#onReady)
    this.#timer = setInterval(() => { this.#beat() }, probeMs)
  }

  /** Whether what others publish arrives here. */
  get isAlive (): boolean {
    return this.#isAlive
  }

  /** Settles when what is published arrives here, so that a node that listens can serve; or when that takes too long. */
  async start (): Promise<void> {
    const isAlive = new Promise<boolean>((resolve) => { this.#onFirstAlive = () => { resolve(true) } })
    await this.#arriveAndProbe()
    await within(isAlive, firstProbeMs)
  }

  stop (): void {
    clearInterval(this.#timer)
    this.#onHeard?.(false)
    // What is still committed is told: who has come meanwhile is not heard any more.
    this.#neighbours.forget()
    this.#options.redis.subscriber.off('smessage', this.#onMessage)
    this.#options.redis.subscriber.off('close', this.#onClose)
    this.#options.redis.subscriber.off('ready', this.#onReady)
  }

  /** Settles when they are subscribed, or when it is plain that this must wait for Redis: it then happens by itself. */
  async subscribe (roomIds: string[]): Promise<void> {
    await this.#subscribe(roomIds.map((roomId) => this.#channelOf(roomId)))
  }

  unsubscribe (roomId: string): void {
    this.#options.redis.subscriber.sunsubscribe(this.#channelOf(roomId)).catch((error: unknown) => { this.#report(error) })
  }

  /** What is published in one turn of the event loop goes in one write. */
  publish (roomId: string, notice: RoomNotice): void {
    if (this.#neighbours.isAlone) return
    const { redis, nodeId } = this.#options
    redis.commands.spublish(this.#channelOf(roomId), `${nodeId}${writeNotice(notice)}`).catch(this.#onUnpublished)
  }

  readonly #onUnpublished = (error: unknown): void => {
    this.#options.onUnpublished()
    this.#report(error)
  }

  #channelOf (roomId: string): string {
    return `${this.#prefix}${roomId}}`
  }

  /** Says whether they are subscribed now. */
  async #subscribe (channels: string[]): Promise<boolean> {
    const { subscriber } = this.#options.redis
    const isDone = Promise.all(channels.map((channel) => subscriber.ssubscribe(channel)))
      .then(() => true, (error: unknown) => { this.#report(error); return false })
    return subscriber.status === 'ready' && await within(isDone, subscribeMs)
  }

  readonly #onMessage = (channel: string, message: string): void => {
    const { nodeId, onNotice } = this.#options
    if (channel.startsWith(this.#prefix)) {
      if (message.startsWith(nodeId)) return
      const roomId = channel.slice(this.#prefix.length, -1)
      onNotice(roomId, readNotice(message.slice(nodeId.length)))
    } else if (channel === this.#neighbours.channel) {
      this.#neighbours.hear(message)
    } else if (channel === this.#probeChannel) {
      this.#onProbe(message)
    }
  }

  #onProbe (message: string): void {
    if (message === welcome) {
      this.#neighbours.welcomed()
      return
    }
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
    this.#probe()
  }

  /** Listens, and then lets the other nodes know. */
  async #arrive (): Promise<void> {
    const arrival = ++this.#arrivals
    this.#hasArrived = false
    this.#isArriving = true
    const hasArrived = await this.#subscribe([this.#neighbours.channel, this.#probeChannel]) && await this.#neighbours.greet()
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
    if (isAlive) this.#onFirstAlive?.()
    else this.#neighbours.forget()
    if (isAlive === this.#isAlive) return
    this.#isAlive = isAlive
    this.#options.onAlive(isAlive)
  }

  /** A hint that did not get out. The feed of every other node finds what it was about. */
  #report (error: unknown): void {
    this.#options.log.debug({ err: error }, 'a notice did not reach redis')
  }
}

const eventsAre = ',"events":'

/** Events that are written already are not written again. */
function writeNotice ({ json, ...notice }: RoomNotice): string {
  if (json === undefined) return JSON.stringify(notice)
  return `{"epoch":${JSON.stringify(notice.epoch)}${eventsAre}${json}}`
}

/** Keeps the JSON of the events: it goes to the sockets as it is. */
function readNotice (text: string): RoomNotice {
  const notice = JSON.parse(text) as RoomNotice
  const { epoch, events } = notice
  const head = `{"epoch":${JSON.stringify(epoch)}${eventsAre}`
  const isPlain = events && Object.keys(notice).length === 2 && text.startsWith(head)
  return isPlain ? { epoch, events, json: text.slice(head.length, -1) } : notice
}
