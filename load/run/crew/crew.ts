import { setMaxListeners } from 'node:events'
import { Random } from '../../prove/random.ts'
import type { RoomDigest } from '../check/room-record.ts'
import { now, sleepUntil } from '../clock.ts'
import { inTurns } from '../in-turns.ts'
import type { Obeying, Sample, TalkOrder, Task } from '../orders.ts'
import { findScenario } from '../scenarios/index.ts'
import { LoopWatch } from '../watch/loop-watch.ts'
import { accountOf } from './account.ts'
import { Hearing } from './hearing.ts'
import { Patience } from './patience.ts'
import { Person } from './person.ts'
import { talk } from './talk.ts'
import { Tally } from './tally.ts'

const requestsAtOnce = 8
const ackMs = 30_000
const lookMs = 20
const earlySampleMs = 250

/** The people of one process, and what they are told to do. */
export class Crew implements Obeying {
  readonly #tally = new Tally()
  readonly #hearing = new Hearing(this.#tally.faults)
  readonly #watch = new LoopWatch()
  /** Aborted when the talk is to end early. */
  readonly #stopping = new AbortController()
  readonly #patience = new Patience(this.#tally, new AbortController().signal)
  #task: Task | undefined
  #people: Person[] = []
  #startsAt: number | undefined

  constructor () {
    setMaxListeners(0, this.#stopping.signal) // Each of the people may listen.
  }

  async signIn (task: Task): Promise<void> {
    this.#task = task
    const { urls, prefix, people, part } = task
    const surroundings = { urls, tally: this.#tally, patience: this.#patience, hearing: this.#hearing }
    for (let index = part.index; index < people; index += part.count) this.#people.push(new Person(index, accountOf(prefix, index), surroundings))
    await inTurns(this.#people, requestsAtOnce, (person) => person.signIn())
  }

  async join (seats: Record<string, number[]>): Promise<void> {
    const byIndex = new Map(this.#people.map((person) => [person.index, person]))
    const all = Object.entries(seats).flatMap(([roomId, indices]) => indices.flatMap((index) => {
      const person = byIndex.get(index)
      return person ? [{ roomId, person }] : []
    }))
    await inTurns(all, requestsAtOnce, ({ roomId, person }) => person.join(roomId))
  }

  async arrive ({ startsAt, rampMs }: { startsAt: number, rampMs: number }): Promise<Record<string, number>> {
    const { people } = this.#requireTask()
    await Promise.all(this.#people.map(async (person) => {
      await sleepUntil(startsAt + rampMs * person.index / people)
      await person.connect()
    }))
    const nodes: Record<string, number> = {}
    for (const { node = '?' } of this.#people) nodes[node] = (nodes[node] ?? 0) + 1
    return nodes
  }

  async talk ({ startsAt, seconds }: TalkOrder): Promise<Record<string, number>> {
    const { scenario: name, part, rate, bytes, seed } = this.#requireTask()
    const { act, dueMs = (n: number) => n / rate * 1000 } = findScenario(name)
    const { signal } = this.#stopping
    const random = (what: string): Random => new Random(`${seed} ${part.index} ${what}`)
    this.#startsAt = startsAt
    await sleepUntil(startsAt)
    this.#watch.begin()
    await Promise.all([
      talk({ people: this.#people, dueMs: (n) => rate === 0 ? Infinity : dueMs(n, rate), part, startsAt, seconds, random: random('talk'), bytes, signal }),
      act?.({ people: this.#people, tally: this.#tally, random: random('act'), signal, until: (share) => sleepUntil(startsAt + share * seconds * 1000, signal) })
    ])
    await this.#acked()
    return Object.fromEntries([...this.#hearing.records].map(([roomId, record]) => [roomId, record.top]))
  }

  async settle ({ tops, withinMs }: { tops: Record<string, number>, withinMs: number }): ReturnType<Obeying['settle']> {
    const load = this.#watch.read()
    const deadline = now() + withinMs
    const isWhole = ({ logs }: Person): boolean => [...logs].every(([roomId, log]) => log.top >= (tops[roomId] ?? 0))
    while (!this.#people.every(isWhole) && now() < deadline) await sleepUntil(now() + lookMs)
    for (const person of this.#people) {
      if (!person.isConnected) this.#tally.fail('connection.missing_at_the_end')
      for (const [roomId, log] of person.logs) log.close(tops[roomId] ?? 0)
    }
    const digests: Record<string, RoomDigest> = {}
    for (const [roomId, record] of this.#hearing.records) {
      record.close()
      digests[roomId] = record.digest()
    }
    return { digests, load }
  }

  /** With a sign-out, so that nobody is taken for somebody whose line broke and who may come back. */
  async leave (): Promise<void> {
    await inTurns(this.#people, requestsAtOnce, async (person) => {
      await person.signOut()
      person.drop()
    })
  }

  /** Ends the talk early. */
  stop (): void {
    this.#stopping.abort()
  }

  /** At the end of each second, once it is measured. */
  get nextSampleAt (): number {
    const startsAt = this.#startsAt ?? Infinity
    const at = now()
    return at < startsAt ? at + earlySampleMs : startsAt + (Math.floor((at - startsAt) / 1000) + 1) * 1000
  }

  sample (): Sample {
    return {
      ...this.#tally.take(),
      second: this.#startsAt === undefined ? null : Math.max(0, Math.round((now() - this.#startsAt) / 1000) - 1),
      signedIn: this.#people.filter(({ userId }) => userId !== '').length,
      connected: this.#people.filter(({ isConnected }) => isConnected).length,
      faults: { ...this.#tally.faults },
      load: this.#watch.read()
    }
  }

  /** Waits for the acks that are due. */
  async #acked (): Promise<void> {
    const count = (): number => this.#people.reduce((sum, { unackedCount }) => sum + unackedCount, 0)
    const deadline = now() + ackMs
    while (count() > 0 && now() < deadline) await sleepUntil(now() + lookMs)
    for (let left = count(); left > 0; left--) this.#tally.fail('message.never_acked')
  }

  #requireTask (): Task {
    if (!this.#task) throw new Error('Nobody has signed in.')
    return this.#task
  }
}
