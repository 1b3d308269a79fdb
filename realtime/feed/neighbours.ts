import type { RedisClients } from '../../plugins/redis.ts'
import { within } from '../within.ts'

interface NeighboursOptions {
  redis: RedisClients
  /** Different for every life of every node. */
  nodeId: string
  /** The channel that a node's probes take; only it listens there. */
  probeChannelOf: (nodeId: string) => string
  onFailure: (error: unknown) => void
}

/** So long a node that has come waits until all others know of it. */
const greetingMs = 1000
/** What is said to one that has come, on the channel of its probes. */
export const welcome = 'welcome'

/**
 * Whether other nodes are there to hear what this one says. On most deployments there are none, and nothing needs to be
 * said: to tell Redis of every message costs a node a seventh of what the message costs it.
 *
 * All nodes listen to one channel. Whoever comes, or listens again after a break, says so there before it looks how far the rooms
 * have got, and waits for everybody's welcome. So whatever a node keeps to itself was committed before the newcomer looked.
 */
export class Neighbours {
  readonly channel: string
  readonly #options: NeighboursOptions
  #isAlone = false
  /** What was counted before somebody came, or before the way to this node broke, says nothing. */
  #changes = 0
  #welcomes = 0
  #onWelcome: (() => void) | undefined

  constructor (options: NeighboursOptions) {
    this.#options = options
    this.channel = options.redis.name('nodes')
  }

  /** Whether it is certain that no other node of this release or a later one listens. */
  get isAlone (): boolean {
    return this.#isAlone
  }

  /** Says that this node has come, once it listens; settles when all who are there know of it, or do not answer. False when it could not be said. */
  async greet (): Promise<boolean> {
    const { redis, nodeId } = this.#options
    this.forget()
    this.#welcomes = 0
    try {
      const others = Number(await redis.commands.spublish(this.channel, nodeId)) - 1
      const areAllHere = new Promise<boolean>((resolve) => {
        this.#onWelcome = () => { if (this.#welcomes >= others) resolve(true) }
        this.#onWelcome()
      })
      await within(areAllHere, greetingMs)
      return true
    } catch (error) {
      this.#options.onFailure(error)
      return false
    }
  }

  /** Somebody says that it has come. */
  hear (nodeId: string): void {
    if (nodeId === this.#options.nodeId) return
    this.forget()
    this.#options.redis.commands.spublish(this.#options.probeChannelOf(nodeId), welcome).catch(this.#options.onFailure)
  }

  /** Somebody knows that this node has come. */
  welcomed (): void {
    this.#welcomes++
    this.#onWelcome?.()
  }

  /** Whatever is known of the others is not to be relied on. */
  forget (): void {
    this.#changes++
    this.#isAlone = false
  }

  /**
   * Counts who listens, and then waits for the probe that is sent next: that it is heard here shows that this node was one of
   * those, since it listens to both channels on one connection.
   */
  async count (isHeard: Promise<boolean>): Promise<void> {
    const changes = this.#changes
    try {
      const [[, listeners], isHere] = await Promise.all([this.#askWhoListens(), isHeard])
      if (changes === this.#changes) this.#isAlone = isHere && Number(listeners) === 1
    } catch (error) {
      this.forget()
      this.#options.onFailure(error)
    }
  }

  async #askWhoListens (): Promise<unknown[]> {
    return await this.#options.redis.commands.pubsub('SHARDNUMSUB', this.channel)
  }
}
