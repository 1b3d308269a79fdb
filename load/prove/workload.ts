import { randomUUID } from 'node:crypto'
import type { RoomEvent } from '../../contract/index.ts'
import type { Client } from './clients/client.ts'
import type { Crowd, ProvingRoom } from './crowd.ts'
import type { CommandKind, CommandRecord } from './history.ts'
import { Membership } from './membership.ts'
import type { Random } from './random.ts'

interface WorkloadOptions {
  crowd: Crowd
  random: Random
  /** Commands of everybody together. */
  perSecond: number
  /** Called with every command in the moment in which it is asked for. */
  onAsk: (command: CommandRecord) => void
}

const tickMs = 50
/** Commands of one client without an answer; beyond this it waits, as an app would. */
const mostUnanswered = 30
const recentMessages = 20

/** What everybody does: mostly talk, sometimes take it back, come and go. */
export class Workload {
  readonly #options: WorkloadOptions
  readonly #membership: Membership
  /** Lately seen messages of each room, and whose they are. */
  readonly #recent = new Map<string, Array<{ seq: number, authorId: string }>>()
  readonly #unanswered = new Map<Client, number>()
  #timer: NodeJS.Timeout | undefined
  #owed = 0
  #count = 0

  constructor (options: WorkloadOptions) {
    this.#options = options
    this.#membership = new Membership(options)
  }

  start (): void {
    this.#timer = setInterval(() => { this.#tick() }, tickMs)
  }

  /** Nothing more is begun. */
  stop (): void {
    clearInterval(this.#timer)
  }

  get unansweredCount (): number {
    return [...this.#unanswered.values()].reduce((sum, count) => sum + count, this.#membership.unsettledCount)
  }

  /** Somebody saw this: others may edit, delete or react to it. */
  saw (event: RoomEvent): void {
    if (event.type !== 'message.sent') return
    const recent = this.#recent.get(event.roomId) ?? []
    if (recent.some(({ seq }) => seq === event.seq)) return
    recent.push({ seq: event.seq, authorId: event.actorId })
    this.#recent.set(event.roomId, recent.slice(-recentMessages))
  }

  #tick (): void {
    const { crowd, perSecond, random } = this.#options
    this.#owed += perSecond * tickMs / 1000
    for (; this.#owed >= 1; this.#owed--) {
      const client = random.pick(crowd.clients)
      if (random.chance(0.01)) this.#membership.change()
      else if ((this.#unanswered.get(client) ?? 0) < mostUnanswered) this.#act(client)
    }
  }

  #act (client: Client): void {
    const { crowd, random } = this.#options
    const rooms = crowd.rooms.filter(({ id }) => client.roomIds.has(id))
    if (rooms.length === 0) return
    const room = random.pick(rooms)
    const command = this.#choose(client, room)
    // Two at once, to see that they stay in order.
    const commands = command.kind === 'send' && random.chance(0.2) ? [command, this.#send(client, room)] : [command]
    for (const each of commands) void this.#perform(client, each)
  }

  async #perform (client: Client, command: CommandRecord): Promise<void> {
    this.#options.onAsk(command)
    this.#unanswered.set(client, (this.#unanswered.get(client) ?? 0) + 1)
    await client.perform(command)
    this.#unanswered.set(client, (this.#unanswered.get(client) ?? 0) - 1)
  }

  #choose (client: Client, room: ProvingRoom): CommandRecord {
    const { random } = this.#options
    const dice = random.next()
    const recent = this.#recent.get(room.id) ?? []
    const own = recent.filter(({ authorId }) => authorId === client.userId)
    if (dice < 0.07 && own.length > 0) return this.#about('edit', client, room, random.pick(own).seq, { text: this.#words(client) })
    if (dice < 0.1 && own.length > 0) return this.#about('delete', client, room, random.pick(own).seq)
    if (dice < 0.17 && recent.length > 0) return this.#about('react', client, room, random.pick(recent).seq)
    if (dice < 0.2 && recent.length > 0) return this.#about('unreact', client, room, random.pick(recent).seq)
    return this.#send(client, room)
  }

  #send ({ name, userId }: Client, { id: roomId }: ProvingRoom): CommandRecord {
    return { client: name, userId, kind: 'send', roomId, id: randomUUID(), text: this.#words({ name }), attempts: [] }
  }

  #about (kind: CommandKind, { name, userId }: Client, { id: roomId }: ProvingRoom, targetSeq: number, more: { text?: string } = {}): CommandRecord {
    return { client: name, userId, kind, roomId, id: randomUUID(), targetSeq, ...more, attempts: [] }
  }

  /** No two texts are the same. */
  #words ({ name }: { name: string }): string {
    return `${name} says ${++this.#count}`
  }
}
