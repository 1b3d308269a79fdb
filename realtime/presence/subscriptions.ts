import { within } from '../within.ts'
import { byPartition, type Keys } from './keys.ts'
import { parseNews, type News } from './store.ts'

/** What is needed of the client that is kept for subscriptions, which others use as well. */
export interface SubscriberClient {
  readonly status: string
  /** Then what is said in different slots may come by different connections. */
  readonly isCluster: boolean
  ssubscribe: (...channels: string[]) => Promise<unknown>
  sunsubscribe: (...channels: string[]) => Promise<unknown>
  on: (event: string, listener: (...values: string[]) => void) => unknown
  off: (event: string, listener: (...values: string[]) => void) => unknown
}

export interface SubscriptionsOptions {
  client: SubscriberClient
  keys: Keys
  /** How long a subscription is waited for. */
  waitMs: number
  onNews: (news: News) => void
  /** Something may have been missed. */
  onGap: () => void
  onFailure: (error: unknown) => void
}

/** Listens to the channels of exactly those people whom somebody on this node watches. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions
  /** Of each person listened to: settles when the subscription is confirmed or has failed. */
  readonly #open = new Map<string, Promise<void>>()
  readonly #unconfirmed = new Set<string>()
  readonly #failed = new Set<string>()

  constructor (options: SubscriptionsOptions) {
    this.#options = options
    options.client.on('smessage', this.#onMessage)
    options.client.on('ready', this.#onReady)
  }

  /** Whether every change is sure to arrive. */
  get isSound (): boolean {
    return this.#options.client.status === 'ready' && this.#unconfirmed.size === 0
  }

  /** Resolves when changes of these people arrive, or when that takes too long: then they have to be polled for. */
  async open (userIds: string[]): Promise<void> {
    const unheard = userIds.filter((userId) => !this.#open.has(userId))
    if (unheard.length > 0) this.#subscribe(unheard)
    // Most are confirmed already, and many by one command.
    if (this.#unconfirmed.size === 0) return
    const pending = new Set(userIds.flatMap((userId) => this.#unconfirmed.has(userId) ? this.#open.get(userId) ?? [] : []))
    if (pending.size > 0) await within(Promise.all(pending).then(() => true), this.#options.waitMs)
  }

  /** Whether every change of this person is sure to arrive. */
  isHeard (userId: string): boolean {
    return this.#options.client.status === 'ready' && this.#open.has(userId) && !this.#unconfirmed.has(userId)
  }

  /**
   * Resolves when what was said before of these people, who are listened to already, has arrived: what is asked once more
   * of the same connection is answered after it. Says whether that is sure.
   */
  async arrive (userIds: string[]): Promise<boolean> {
    const { client, keys, waitMs, onFailure } = this.#options
    const asked = client.isCluster ? [...byPartition(userIds).values()] : [userIds]
    const answered = Promise.all(asked.map(([userId = '']) => client.ssubscribe(keys.channel(userId))))
    return await within(answered.then(() => true, (error: unknown) => { onFailure(error); return false }), waitMs)
  }

  close (unwanted: string[]): void {
    const userIds = unwanted.filter((userId) => this.#open.has(userId))
    for (const userId of userIds) {
      this.#open.delete(userId)
      this.#unconfirmed.delete(userId)
      this.#failed.delete(userId)
    }
    for (const group of byPartition(userIds).values()) {
      this.#options.client.sunsubscribe(...group.map(this.#options.keys.channel)).catch(this.#options.onFailure)
    }
  }

  /** Tries again what has failed. */
  mend (): void {
    const failed = [...this.#failed]
    this.#failed.clear()
    this.#subscribe(failed)
  }

  end (): void {
    this.#options.client.off('smessage', this.#onMessage)
    this.#options.client.off('ready', this.#onReady)
    this.close([...this.#open.keys()])
  }

  #subscribe (userIds: string[]): void {
    for (const group of byPartition(userIds).values()) {
      for (const userId of group) this.#unconfirmed.add(userId)
      const confirmed = this.#options.client.ssubscribe(...group.map(this.#options.keys.channel)).then(
        () => { for (const userId of group) this.#unconfirmed.delete(userId) },
        (error: unknown) => {
          for (const userId of group) if (this.#open.has(userId)) this.#failed.add(userId)
          this.#options.onFailure(error)
        }
      )
      for (const userId of group) this.#open.set(userId, confirmed)
    }
  }

  readonly #onMessage = (channel = '', message = ''): void => {
    const userId = this.#options.keys.userOf(channel)
    if (userId !== undefined && this.#open.has(userId)) this.#options.onNews(parseNews(userId, message))
  }

  /** The client subscribes again by itself; asking once more tells when that is done. */
  readonly #onReady = (): void => {
    this.#subscribe([...this.#open.keys()])
    void Promise.all(this.#open.values()).then(() => { this.#options.onGap() })
  }
}
