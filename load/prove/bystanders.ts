import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../../cluster/start.ts'
import { register } from './clients/account.ts'
import type { Door, Visit } from './clients/light-socket.ts'
import { addMember, type Crowd } from './crowd.ts'
import type { PresenceHistory, Watch } from './presence/history.ts'
import { Loner } from './presence/loner.ts'
import { Observer } from './presence/observer.ts'
import { settlePresence } from './presence/settle.ts'
import { staysOfVisits, type Stay } from './presence/stays.ts'
import { Visitor } from './presence/visitor.ts'
import type { Random } from './random.ts'
import { GuestAccount } from './sessions/account.ts'
import { Guest } from './sessions/guest.ts'
import type { SessionHistory, SessionRecord } from './sessions/history.ts'
import { settleSessions } from './sessions/settle.ts'

interface BystandersOptions {
  cluster: Cluster
  crowd: Crowd
  random: Random
}

const guestCount = 4
const visitorCount = 6
const lonersPerNode = 2

interface Parts {
  crowd: Crowd
  nodes: Door[]
  /** Everybody who is watched. */
  names: Map<string, string>
  /** The guests'. */
  sessions: SessionRecord[]
  watches: Watch[]
  guests: Guest[]
  visitors: Visitor[]
  loners: Loner[]
  observers: Observer[]
}

/** People beside the crowd, who say nothing: some sign in and out, some come and go, and one on each node watches them all. */
export class Bystanders {
  readonly #parts: Parts

  private constructor (parts: Parts) {
    this.#parts = parts
  }

  /** Makes their accounts, lets them into the quiet room, and begins to watch. */
  static async gather ({ cluster, crowd, random }: BystandersOptions): Promise<Bystanders> {
    const { host: { rest }, quiet, people } = crowd
    const nodes = cluster.nodes.map(({ name, url }) => ({ name, url }))
    const balancer = { name: 'balancer', url: cluster.url }
    const doors = (): Door[] => [...nodes, balancer]
    const invite = async (username: string) => {
      const person = await register(rest, username)
      await addMember(rest, quiet.id, person.userId)
      return person
    }
    const named = (kind: string, count: number) => Promise.all(Array.from({ length: count }, (_, index) => invite(`${kind}-${index + 1}`)))
    const [guests, visitors, loners, observers] = await Promise.all([
      named('guest', guestCount), named('visitor', visitorCount), named('loner', lonersPerNode * nodes.length), named('observer', nodes.length)
    ])
    const names = new Map([...people, ...guests, ...visitors, ...loners].map(({ userId, username }) => [userId, username]))
    const sessions: SessionRecord[] = []
    const watches: Watch[] = []
    // Theirs are not counted among those that are ended in every way.
    const others: SessionRecord[] = []
    return new Bystanders({
      crowd,
      nodes,
      names,
      sessions,
      watches,
      guests: guests.map((person) => new Guest({ person, doors, random, sessions })),
      visitors: visitors.map((person) => new Visitor({ account: new GuestAccount(person, others), doors, random })),
      loners: nodes.flatMap((node, index) => loners.slice(lonersPerNode * index, lonersPerNode * (index + 1))
        .map((person) => new Loner({ account: new GuestAccount(person, others), node, balancer }))),
      observers: nodes.flatMap((node, index) => observers.slice(index, index + 1)
        .map((person) => new Observer({ person, node, balancer, watched: [...names.keys()], watches })))
    })
  }

  start (): void {
    for (const each of [...this.#parts.guests, ...this.#parts.visitors]) each.start()
  }

  /** Redis was emptied, and everybody signed out. */
  signedOut (from: number, until: number): void {
    for (const guest of this.#parts.guests) guest.emptied(from, until)
  }

  /** Settles when everybody has done what they had begun, and stays as they are. */
  async stop (): Promise<void> {
    for (const loner of this.#parts.loners) loner.stop()
    await Promise.all([...this.#parts.guests, ...this.#parts.visitors].map((each) => each.stop()))
  }

  /** Waits until all is as it should be, or does not get so in time. */
  async settle (): Promise<{ sessions: SessionHistory, presence: PresenceHistory }> {
    const end = await settleSessions(this.#parts.guests, this.#parts.nodes)
    for (let tries = 0; tries < 100 && !this.#parts.visitors.every(({ isSettled }) => isSettled); tries++) await sleep(100)
    const presenceEnd = await settlePresence(this.#parts.observers, this.#parts.nodes, () => this.#stays())
    const lostLogins = new Map(this.#parts.guests.map(({ account }) => [account.username, account.lostLogins]))
    return {
      sessions: { sessions: this.#parts.sessions, lostLogins, end },
      presence: { names: this.#parts.names, stays: this.#stays(), watches: this.#parts.watches, end: presenceEnd, endedAt: Date.now() }
    }
  }

  close (): void {
    for (const observer of this.#parts.observers) observer.close()
    for (const each of [...this.#parts.visitors, ...this.#parts.loners]) each.finish()
    for (const guest of this.#parts.guests) for (const { sockets } of guest.devices) for (const socket of sockets) socket.finish()
  }

  #stays (): Stay[] {
    const visitsOfGuests = this.#parts.guests.map(({ account }): { account: GuestAccount, visits: Visit[] } => ({
      account, visits: this.#parts.sessions.filter(({ guest }) => guest === account.username).flatMap(({ visits }) => visits)
    }))
    return [
      ...this.#parts.crowd.clients.flatMap(({ stays }) => stays),
      ...[...visitsOfGuests, ...this.#parts.visitors, ...this.#parts.loners].flatMap(({ account, visits }) => staysOfVisits(account.userId, visits))
    ]
  }
}
