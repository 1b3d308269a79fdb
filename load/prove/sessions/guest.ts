import { setTimeout as sleep } from 'node:timers/promises'
import { ParleyError } from '../../../sdk/errors.ts'
import type { Person } from '../clients/account.ts'
import type { Door } from '../clients/light-socket.ts'
import type { Random } from '../random.ts'
import { GuestAccount, mayPass } from './account.ts'
import type { Device } from './device.ts'
import { endOf, type Ending, type EndingCause, type SessionRecord } from './history.ts'

export interface GuestOptions {
  person: Person
  /** The nodes' and the balancer's. */
  doors: () => Door[]
  random: Random
  /** Where each login is written down. */
  sessions: SessionRecord[]
}

type Cause = Exclude<EndingCause, 'emptied'>

/** So many devices wait to be signed out, so that some were there before a fault. */
const stock = 4
const knockMs = 4000
/** Whose cookies are tried once more at the end. */
const rememberedDevices = 10

const reasons = { logout: 'logout', revoked: 'revoked', othersRevoked: 'revoked', passwordChanged: 'password_changed' } as const

/** Somebody who signs in on one device after the other, and ends sessions in every way there is. */
export class Guest {
  readonly account: GuestAccount
  devices: Device[] = []
  readonly #options: GuestOptions
  readonly #stopped = new AbortController()
  readonly #under = new Set<Promise<void>>()
  /** The device from which others are ended: it has one socket, which must stay. */
  #home: Device | undefined
  #emptied: Ending | undefined
  #isSigningIn = false
  #isEndingAll = false
  #count = 0

  constructor (options: GuestOptions) {
    this.#options = options
    this.account = new GuestAccount(options.person, options.sessions)
  }

  start (): void {
    this.#begin(this.#keep(() => this.#fill(), 50, 300))
    this.#begin(this.#keep(() => this.#endSomething(), 200, 900))
  }

  /** Settles when what was begun is done. */
  async stop (): Promise<void> {
    this.#stopped.abort()
    while (this.#under.size > 0) await Promise.all(this.#under)
  }

  /** Redis was: no session that was there lives on. */
  emptied (from: number, until: number): void {
    this.#emptied = { cause: 'emptied', reason: 'expired', askedAt: from, answeredAt: until }
    for (const { record } of this.devices) this.#endIfEmptied(record, this.#emptied)
  }

  #begin (work: Promise<void>): void {
    this.#under.add(work)
    void work.finally(() => { this.#under.delete(work) })
  }

  async #keep (work: () => Promise<void>, least: number, most: number): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      await work()
      await sleep(this.#options.random.between(least, most))
    }
  }

  /** Signs in where that is wanted; not while all other sessions are being ended, since nobody could tell which comes first. */
  async #fill (): Promise<void> {
    const { doors, random } = this.#options
    const isHomeWanted = !this.#home || this.#home.record.endings.length > 0
    if (this.#isEndingAll || (!isHomeWanted && this.#waiting().length >= stock)) return
    this.#isSigningIn = true
    const device = await this.account.signIn(random.pick(doors()), this.#stopped.signal)
    this.#isSigningIn = false
    if (!device) return
    this.devices.push(device)
    if (this.#emptied) this.#endIfEmptied(device.record, this.#emptied)
    if (isHomeWanted) this.#home = device
    for (const door of isHomeWanted ? [random.pick(doors())] : doors()) device.open(door)
  }

  async #endSomething (): Promise<void> {
    const { random } = this.#options
    this.#forget()
    const waiting = this.#waiting()
    const device = waiting.length >= stock || random.chance(0.3) ? waiting[0] : undefined
    if (!device) return
    const cause: Cause = random.pick(['logout', 'logout', 'revoked', 'revoked', 'othersRevoked', 'passwordChanged'])
    const isOfAll = cause === 'othersRevoked' || cause === 'passwordChanged'
    if (isOfAll && this.#isSigningIn) return
    const home = cause === 'logout' ? device : this.#home
    if (!home) return
    this.#isEndingAll = isOfAll
    await this.#end(cause, home, device, isOfAll ? this.devices.filter((each) => each !== home) : [device])
    this.#isEndingAll = false
  }

  async #end (cause: Cause, asking: Device, device: Device, ended: Device[]): Promise<void> {
    const door = this.#anyDoor()
    const password = `the password of ${this.account.username}, ${++this.#count}`
    const ending: Ending = { cause, reason: reasons[cause], askedAt: Date.now() }
    for (const { record, isOver } of ended) if (!isOver) record.endings.push(ending)
    try {
      switch (cause) {
        case 'logout': await asking.ask(door, 'logout'); break
        case 'revoked': await asking.ask(door, 'endSession', { params: { sessionId: device.record.id } }); break
        case 'othersRevoked': await asking.ask(door, 'endOtherSessions'); break
        case 'passwordChanged': await asking.ask(door, 'changeUser', { body: { password, currentPassword: this.account.password } }); break
      }
      ending.answeredAt = Date.now()
      if (cause === 'passwordChanged') this.account.changed(password)
      this.#begin(device.knock(this.#anyDoor(), knockMs))
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      if (error.code === 'session.required' && asking === this.#home) this.#home = undefined
      else if (cause === 'passwordChanged' && mayPass(error)) this.account.mayHaveChanged(password)
      else if (cause === 'passwordChanged') this.account.rejected()
    }
  }

  /** Devices that nobody has tried to sign out yet, the oldest first. */
  #waiting (): Device[] {
    return this.devices.filter((device) => device !== this.#home && device.record.endings.length === 0)
  }

  /** A login that was on its way when Redis was emptied may have come before or after. */
  #endIfEmptied (record: SessionRecord, emptied: Ending): void {
    if (endOf(record) || record.askedAt > (emptied.answeredAt ?? Infinity)) return
    const { answeredAt: _, ...maybe } = emptied
    record.endings.push(record.begunAt <= emptied.askedAt ? emptied : maybe)
  }

  #forget (): void {
    const over = this.devices.filter(({ isOver }) => isOver)
    const old = new Set(over.slice(0, -rememberedDevices))
    this.devices = this.devices.filter((device) => !old.has(device))
  }

  #anyDoor (): Door {
    return this.#options.random.pick(this.#options.doors())
  }
}
