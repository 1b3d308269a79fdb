import type { Account, Member, Room as RoomDetails, RoomEvent, User } from '../../contract/index.ts'
import type { ClientState, Parley, ParleyEvents, Room } from '../../sdk/index.ts'

export const user = (name: string): User => ({ id: `id-of-${name}`, username: name, displayName: name[0]?.toUpperCase() + name.slice(1) })

export const account = (name: string): Account => ({
  ...user(name), email: null, emailVerified: false, createdAt: '2026-01-01T00:00:00.000Z'
})

export const member = (name: string, role: Member['role'] = 'member'): Member => ({
  userId: user(name).id, role, joinedAt: '2026-01-01T00:00:00.000Z', mutedUntil: null, user: user(name)
})

export const details = (name: string, more: Partial<RoomDetails> = {}): RoomDetails => ({
  id: `id-of-${name}`, kind: 'public', name, topic: null, createdAt: '2026-01-01T00:00:00.000Z', memberCount: 2, archivedAt: null, ...more
})

export const room = (name: string, { unread = 0, unreadMentions = 0, ...more }: Partial<RoomDetails> & { unread?: number, unreadMentions?: number } = {}) =>
  ({ id: `id-of-${name}`, details: details(name, more), unread, unreadMentions }) as Room

export const event = (type: RoomEvent['type'], data: object, more: Partial<RoomEvent> = {}): RoomEvent =>
  ({ roomId: 'id-of-kitchen', seq: 1, id: 'e1', actorId: 'id-of-bob', at: '2026-01-01T00:00:00.000Z', type, data, ...more }) as RoomEvent

type Answer = (input: { params?: Record<string, string>, query?: Record<string, unknown>, body?: unknown }) => unknown

/** The SDK's client as far as the stores know it: the test says what happens, and what the server answers. */
export class FakeParley {
  state: ClientState = 'signed-out'
  node: string | undefined
  user: Account | undefined
  session = undefined
  readonly rooms = { joined: [] as Room[] }
  readonly asked: string[] = []
  readonly answers: Record<string, Answer> = {}
  readonly presence = {
    watch: async (userIds: readonly string[]) => { this.asked.push(`watch ${userIds.join(' ')}`) },
    unwatch: (userIds: readonly string[]) => { this.asked.push(`unwatch ${userIds.join(' ')}`) }
  }

  readonly #listeners: Array<{ name: string, listener: (payload: unknown) => void }> = []

  on (name: string, listener: (payload: unknown) => void) {
    const entry = { name, listener }
    this.#listeners.push(entry)
    return () => { this.#listeners.splice(this.#listeners.indexOf(entry), 1) }
  }

  tell<Name extends keyof ParleyEvents> (name: Name, payload: ParleyEvents[Name]): void {
    for (const entry of [...this.#listeners]) if (entry.name === name) entry.listener(payload)
  }

  async call (name: string, input: Parameters<Answer>[0] = {}): Promise<unknown> {
    this.asked.push(name)
    return this.answers[name]?.(input)
  }

  signIn (name: string): void {
    this.user = account(name)
    this.tell('user', this.user)
  }

  signOut (): void {
    this.user = undefined
    this.rooms.joined = []
    this.tell('user', undefined)
  }

  get asParley (): Parley {
    return this as unknown as Parley
  }
}

/** Lets everything happen that is due. */
export const settled = () => new Promise((resolve) => { setImmediate(resolve) })
