import { randomUUID } from 'node:crypto'
import type { Account, Message, Role, Room } from '../../contract/index.ts'
import { Api, type Answer, type CookieJar } from './api.ts'
import type { Address } from './node.ts'
import { TestSocket, type ConnectOptions } from './socket.ts'

/** Somebody on one of their devices: REST and sockets with one cookie jar, on one node. */
export class Person extends Api {
  readonly user: Account
  readonly password: string

  constructor (node: Address, jar: CookieJar, user: Account, password: string) {
    super(node, jar)
    this.user = user
    this.password = password
  }

  get id (): string {
    return this.user.id
  }

  get username (): string {
    return this.user.username
  }

  /** The same device, speaking to another node. */
  at (node: Address): Person {
    return new Person(node, this.jar, this.user, this.password)
  }

  /** A socket with this device's cookie that has been told `session:ready`. */
  async connect (options: ConnectOptions = {}): Promise<TestSocket> {
    return await this.socket(options).connect()
  }

  /** A socket that has not been opened yet. */
  socket (options: ConnectOptions = {}): TestSocket {
    return new TestSocket(this.node, { ...(this.jar.header && { cookie: this.jar.header }), ...options })
  }

  async makeRoom ({ kind = 'public', name = `${this.username}'s room`, topic }: Partial<MakeRoom> = {}): Promise<Room> {
    const answer = await this.post('/rooms', { kind, name, ...(topic && { topic }) })
    return expectStatus(answer, 201, 'makes a room').body.room
  }

  /** Enters a public room. */
  async join (room: Room): Promise<void> {
    expectStatus(await this.put(`/rooms/${room.id}/members/${this.id}`), 200, 'joins')
  }

  async leave (room: Room): Promise<void> {
    expectStatus(await this.delete(`/rooms/${room.id}/members/${this.id}`), 204, 'leaves')
  }

  /** Brings somebody in, or changes their role. */
  async add (room: Room, person: Person, role?: Role): Promise<void> {
    expectStatus(await this.put(`/rooms/${room.id}/members/${person.id}`, role && { role }), 200, `adds ${person.username}`)
  }

  async remove (room: Room, person: Person): Promise<void> {
    expectStatus(await this.delete(`/rooms/${room.id}/members/${person.id}`), 204, `removes ${person.username}`)
  }

  /** Sends a message over REST. */
  async send (room: Room, text: string): Promise<Message> {
    const answer = await this.post(`/rooms/${room.id}/messages`, { id: randomUUID(), text })
    return expectStatus(answer, 201, 'sends').body.message
  }
}

interface MakeRoom {
  kind: 'public' | 'private'
  name: string
  topic: string
}

/** For the steps that a test takes for granted. */
function expectStatus (answer: Answer, status: number, deed: string): Answer {
  if (answer.status === status) return answer
  throw new Error(`A person who ${deed} should be answered ${status}, not ${answer.status}: ${JSON.stringify(answer.body)}`)
}

/** Somebody by name, signed in on a device of their own; the account is made the first time. */
export async function person (node: Address, username: string): Promise<Person> {
  const api = new Api(node)
  const password = `the password of ${username}`
  const registered = await api.post('/auth/register', { username, password })
  if (registered.status !== 409) expectStatus(registered, 201, 'registers')
  const { body } = expectStatus(await api.post('/auth/login', { username, password }), 200, 'signs in')
  return new Person(node, api.jar, body.user, password)
}

/** Several people at once, in the order of their names. */
export async function people<Names extends string[]> (node: Address, ...usernames: Names): Promise<{ [Index in keyof Names]: Person }> {
  return await Promise.all(usernames.map((username) => person(node, username))) as { [Index in keyof Names]: Person }
}

/** Somebody without an account: REST without a cookie. */
export function stranger (node: Address): Api {
  return new Api(node)
}
