import { CookieJar } from '../../sdk/cookies.ts'
import { createRest, type Rest } from '../../sdk/rest.ts'
import { persist, register, signIn, type Person } from './clients/account.ts'
import { BareClient } from './clients/bare-client.ts'
import type { Client } from './clients/client.ts'
import type { ClientOptions } from './clients/options.ts'
import { SdkClient } from './clients/sdk-client.ts'

/** Somebody who makes the rooms, is in all of them, and is never removed. */
export interface Host extends Person {
  jar: CookieJar
  /** By way of the balancer. */
  rest: Rest
}

export interface ProvingRoom {
  id: string
  name: string
}

export interface Crowd {
  host: Host
  people: Person[]
  /** One or two devices for each of the people, half of them bare. */
  clients: Client[]
  /** Everybody is in it and stays, and nobody says anything but the probes: nothing else makes a lost notice known. */
  quiet: ProvingRoom
  rooms: ProvingRoom[]
}

export interface CrowdOptions extends Omit<ClientOptions, 'transports'> {
  peopleCount: number
  roomCount: number
  /** What the SDK says of itself. */
  onError: (error: unknown) => void
}

const names = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi', 'ivan', 'judy', 'kim', 'leo', 'mia', 'nina', 'otto', 'pia']

/** Makes accounts, rooms and memberships, and brings everybody on line. */
export async function gather (options: CrowdOptions): Promise<Crowd> {
  const { url, random, peopleCount, roomCount } = options
  const jar = new CookieJar()
  const rest = createRest({ url, jar, fetch, timeoutMs: 10_000 })
  const host = { ...await register(rest, 'host'), jar, rest }
  await signIn(rest, host)
  const usernames = Array.from({ length: peopleCount }, (_, index) => `${names[index % names.length]}${index < names.length ? '' : Math.floor(index / names.length) + 1}`)
  const people = await Promise.all(usernames.map((username) => register(rest, username)))
  const quiet = await makeRoom(rest, 'quiet', 'public', people)
  const rooms: ProvingRoom[] = []
  for (let number = 1; number <= roomCount; number++) {
    const invited = number === 1 ? people : people.filter(() => random.chance(0.4))
    rooms.push(await makeRoom(rest, `room-${number}`, number % 3 === 0 ? 'private' : 'public', invited))
  }
  return { host, people, clients: people.flatMap((person, index) => devicesOf(person, index, options)), quiet, rooms }
}

async function makeRoom (rest: Rest, name: string, kind: 'public' | 'private', invited: Person[]): Promise<ProvingRoom> {
  const { room } = await persist(() => rest('makeRoom', { body: { name, kind } }))
  await Promise.all(invited.map((person) => addMember(rest, room.id, person.userId)))
  return { id: room.id, name }
}

export async function addMember (rest: Rest, roomId: string, userId: string): Promise<void> {
  await persist(() => rest('putMember', { params: { roomId, userId } }))
}

/** Every other person has the SDK; every fourth a second, bare device; some begin with polling. */
function devicesOf (person: Person, index: number, { onError, ...options }: CrowdOptions): Client[] {
  const transports: ClientOptions['transports'] = index % 6 === 1 ? ['polling', 'websocket'] : ['websocket']
  const first = index % 2 === 0
    ? new SdkClient(person, person.username, { ...options, transports }, onError)
    : new BareClient(person, person.username, { ...options, transports })
  if (index % 4 !== 0) return [first]
  return [first, new BareClient(person, `${person.username}/phone`, { ...options, transports: ['websocket'] })]
}
