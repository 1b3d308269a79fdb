import type { RoomEvent } from '../../contract/index.ts'
import { Link, type LinkOptions } from './link.ts'

/** What nodes tell each other about a room. A hint: whatever of it is lost is found in Postgres. */
export interface RoomNotice {
  epoch?: string
  events?: RoomEvent[]
  /** The JSON of these events, where it is at hand. Not part of what is said. */
  json?: string
  typing?: { userId: string, isTyping: boolean }
  isDeleted?: true
}

interface ChannelsOptions extends Omit<LinkOptions, 'onFailure'> {
  onNotice: (roomId: string, notice: RoomNotice) => void
  onUnpublished: () => void
}

/**
 * The rooms' channels: sharded, so that only nodes with a socket in a room hear of it; and nobody says anything where there
 * is no other node.
 */
export class Channels {
  readonly #options: ChannelsOptions
  readonly #prefix: string
  readonly #link: Link

  constructor (options: ChannelsOptions) {
    this.#options = options
    const { redis } = options
    this.#prefix = `${redis.name('room')}:{`
    this.#link = new Link({ ...options, onFailure: this.#report })
    redis.subscriber.on('smessage', this.#onMessage)
  }

  /** Whether what others publish arrives here. */
  get isAlive (): boolean {
    return this.#link.isAlive
  }

  /** Settles when what is published arrives here, so that a node that listens can serve; or when that takes too long. */
  async start (): Promise<void> {
    await this.#link.start()
  }

  stop (): void {
    this.#link.stop()
    this.#options.redis.subscriber.off('smessage', this.#onMessage)
  }

  /** Settles when they are subscribed, or when it is plain that this must wait for Redis: it then happens by itself. */
  async subscribe (roomIds: string[]): Promise<void> {
    await this.#link.subscribe(roomIds.map((roomId) => this.#channelOf(roomId)))
  }

  unsubscribe (roomId: string): void {
    this.#options.redis.subscriber.sunsubscribe(this.#channelOf(roomId)).catch(this.#report)
  }

  /** What is published in one turn of the event loop goes in one write. */
  publish (roomId: string, notice: RoomNotice): void {
    if (this.#link.isAlone) return
    const { redis, nodeId } = this.#options
    redis.commands.spublish(this.#channelOf(roomId), `${nodeId}${writeNotice(notice)}`).catch(this.#onUnpublished)
  }

  #channelOf (roomId: string): string {
    return `${this.#prefix}${roomId}}`
  }

  readonly #onMessage = (channel: string, message: string): void => {
    const { nodeId, onNotice } = this.#options
    if (!channel.startsWith(this.#prefix) || message.startsWith(nodeId)) return
    onNotice(channel.slice(this.#prefix.length, -1), readNotice(message.slice(nodeId.length)))
  }

  readonly #onUnpublished = (error: unknown): void => {
    this.#options.onUnpublished()
    this.#report(error)
  }

  /** A hint that did not get out. The feed of every other node finds what it was about. */
  readonly #report = (error: unknown): void => {
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
