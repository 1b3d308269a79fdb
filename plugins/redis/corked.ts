import { Redis } from 'ioredis'

/**
 * A client that writes what is asked in one turn of the event loop in one go, in its order: a crowd of commands costs one
 * system call here, and Redis one read. Nothing else changes, failures least of all; what ioredis calls auto-pipelining
 * changes the order.
 */
export class CorkedRedis extends Redis {
  #isCorked = false

  override sendCommand (...args: Parameters<Redis['sendCommand']>): unknown {
    this.#cork()
    return super.sendCommand(...args)
  }

  #cork (): void {
    const { stream } = this
    // The first commands of a client come before it has a stream.
    if (this.#isCorked || this.status !== 'ready') return
    this.#isCorked = true
    stream.cork()
    setImmediate(() => {
      this.#isCorked = false
      stream.uncork()
    })
  }
}
