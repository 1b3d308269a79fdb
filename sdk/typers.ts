import { limits } from '../contract/index.ts'

/** Longer than the server takes to say that somebody has stopped; that word may be lost with a connection. */
const forgetMs = limits.typingMs + 2000

/** Who is typing in a room. */
export class Typers {
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()
  readonly #onChange: () => void
  #userIds: ReadonlySet<string> = new Set()

  constructor (onChange: () => void) {
    this.#onChange = onChange
  }

  get userIds (): ReadonlySet<string> {
    return this.#userIds
  }

  set (userId: string, isTyping: boolean): void {
    const timer = this.#timers.get(userId)
    clearTimeout(timer)
    if (isTyping) this.#timers.set(userId, setTimeout(() => { this.set(userId, false) }, forgetMs))
    else this.#timers.delete(userId)
    if (isTyping === (timer !== undefined)) return
    this.#userIds = new Set(this.#timers.keys())
    this.#onChange()
  }

  clear (): void {
    for (const userId of [...this.#timers.keys()]) this.set(userId, false)
  }
}
