import { setTimeout as sleep } from 'node:timers/promises'
import { CookieJar } from '../../../sdk/cookies.ts'
import { ParleyError } from '../../../sdk/errors.ts'
import { createRest } from '../../../sdk/rest.ts'
import type { Person } from '../clients/account.ts'
import type { Door } from '../clients/light-socket.ts'
import { Device } from './device.ts'
import type { SessionRecord } from './history.ts'

/** A guest's name and password. Where nobody knows whether a change was done, it is one of several. */
export class GuestAccount {
  readonly username: string
  readonly userId: string
  readonly #sessions: SessionRecord[]
  #passwords: string[]
  /** Logins whose answer was lost. */
  lostLogins = 0

  /** @param sessions where each login is written down */
  constructor ({ username, userId, password }: Person, sessions: SessionRecord[]) {
    this.username = username
    this.userId = userId
    this.#passwords = [password]
    this.#sessions = sessions
  }

  get password (): string { return this.#passwords[0] ?? '' }

  changed (password: string): void {
    this.#passwords = [password, ...this.#passwords].slice(0, 4)
  }

  mayHaveChanged (password: string): void {
    this.#passwords.splice(1, 0, password)
  }

  /** It is another, of those that it may be. */
  rejected (): void {
    this.#passwords.push(...this.#passwords.splice(0, 1))
  }

  /** Signs in, however long it takes; undefined when the signal says that nobody waits any more. */
  async signIn (door: Door, signal: AbortSignal): Promise<Device | undefined> {
    let rejections = 0
    while (!signal.aborted) {
      const askedAt = Date.now()
      const jar = new CookieJar()
      try {
        const rest = createRest({ url: door.url, jar, fetch, timeoutMs: 10_000 })
        const { session } = await rest('login', { body: { username: this.username, password: this.password } })
        const record: SessionRecord = { id: session.id, guest: this.username, askedAt, begunAt: Date.now(), visits: [], endings: [] }
        this.#sessions.push(record)
        return new Device(record, jar.header ?? '')
      } catch (error) {
        if (!(error instanceof ParleyError)) throw error
        if (mayPass(error)) this.lostLogins++
        else if (error.code === 'session.invalid_credentials' && ++rejections <= 3 * this.#passwords.length) this.rejected()
        else throw error
        await sleep((error.retryAfterMs ?? 0) + 100 + Math.random() * 200)
      }
    }
    return undefined
  }
}

/** Whether it may have been done all the same, or may be done the next time. */
export function mayPass ({ code, retryable }: ParleyError): boolean {
  return retryable || code === 'client.bad_answer' || code === 'server.error'
}
