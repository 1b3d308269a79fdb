import { createParley, type Parley, type ParleyEvents, type ParleyOptions } from '../../sdk/index.ts'
import type { RoomEvent } from '../../contract/index.ts'
import type { Ending } from '../helpers/stores.ts'
import { Recorder } from '../helpers/recorder.ts'
import { Line } from './line.ts'

const password = 'correct horse'

/** A client that is closed when the test ends; what nobody should have thrown fails the test's process. */
export function openClient (t: Ending, url: string, options: ParleyOptions = {}): Parley {
  const parley = createParley({ url, startAt: 'beginning', onError: (error) => { throw error }, ...options })
  t.teardown(() => { parley.close() })
  return parley
}

/** Somebody with an account, signed in and online. */
export async function signedIn (t: Ending, url: string, username: string, options: ParleyOptions = {}): Promise<Parley & { id: string }> {
  const parley = openClient(t, url, options)
  await parley.register({ username, password })
  const { id } = await parley.signIn({ username, password })
  await parley.ready()
  return Object.assign(parley, { id })
}

interface Place { url: string }

/** Alice on one node, bob with a phone, whose line can be cut, and a laptop on another; all in one room of hers. */
export async function aliceAndBobTwice (t: Ending, [hers, phones, laptops]: [Place, Place, Place]) {
  const alice = await signedIn(t, hers.url, 'alice')
  const line = await Line.open(t, phones)
  const phone = await signedIn(t, line.url, 'bob')
  const laptop = openClient(t, laptops.url)
  await signIn(laptop, 'bob')
  const room = await alice.rooms.make({ name: 'Kitchen', kind: 'public' })
  await phone.rooms.join(room.id)
  const [here, there] = [phone.rooms.get(room.id), laptop.rooms.get(room.id)]
  return { alice, line, phone, laptop, room, here, there, seenHere: new Watcher(phone), seenThere: new Watcher(laptop) }
}

/** Signs somebody in who has an account. */
export async function signIn (parley: Parley, username: string): Promise<void> {
  await parley.signIn({ username, password })
  await parley.ready()
}

const names = ['state', 'user', 'signedOut', 'events', 'reset', 'rooms', 'presence', 'draining'] as const

/** Remembers what a client tells, and waits for it. */
export class Watcher {
  readonly #recorder = new Recorder()

  readonly #logs = new Map<string, RoomEvent[]>()

  constructor (parley: Parley) {
    parley.on('events', ({ room, events }) => { this.#logs.set(room.id, [...this.log(room.id), ...events]) })
    for (const name of names) parley.on(name, (payload) => { this.#recorder.add(name, payload) })
  }

  /** Everything given of a room, in the order in which it came. */
  log (roomId: string): RoomEvent[] {
    return this.#logs.get(roomId) ?? []
  }

  texts (roomId: string): Array<string | null> {
    return this.log(roomId).flatMap((event) => event.type === 'message.sent' ? [event.data.text] : [])
  }

  states (): string[] {
    return this.#all('state')
  }

  /** Resolves with the room's log as given, once it holds this seq. */
  async caughtUp (roomId: string, seq: number, withinMs = 10_000): Promise<RoomEvent[]> {
    return await this.#recorder.waitFor(() => {
      const log = this.log(roomId)
      return (log.at(-1)?.seq ?? 0) >= seq ? log : undefined
    }, `event ${seq} of room ${roomId}`, withinMs)
  }

  /** The next of this name that nobody has taken, and that is meant. */
  async next<Name extends keyof ParleyEvents> (
    name: Name, isMeant: (payload: ParleyEvents[Name]) => boolean = () => true, withinMs = 10_000
  ): Promise<ParleyEvents[Name]> {
    const { payload } = await this.#recorder.nextOf([name], isMeant as (payload: unknown) => boolean, withinMs)
    return payload as ParleyEvents[Name]
  }

  #all<Name extends keyof ParleyEvents> (name: Name): Array<ParleyEvents[Name]> {
    return this.#recorder.received.filter(({ event }) => event === name).map(({ payload }) => payload as ParleyEvents[Name])
  }
}

export function seqs (events: readonly RoomEvent[]): number[] {
  return events.map(({ seq }) => seq)
}

/** From 1 to a number. */
export function upTo (last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1)
}
