import { limits } from '../contract/index.ts'

/** Said again while one goes on typing, well before the others stop believing it. */
const repeatMs = limits.typingMs / 2

/** Says that one is typing no more often than needed. */
export class TypingSignal {
  readonly #say: (isTyping: boolean) => void
  #saidAt = -Infinity

  constructor (say: (isTyping: boolean) => void) {
    this.#say = say
  }

  start (): void {
    const now = Date.now()
    if (now - this.#saidAt < repeatMs) return
    this.#saidAt = now
    this.#say(true)
  }

  stop (): void {
    if (this.#saidAt === -Infinity) return
    this.#saidAt = -Infinity
    this.#say(false)
  }

  /** A message has said it already. */
  sent (): void {
    this.#saidAt = -Infinity
  }
}
