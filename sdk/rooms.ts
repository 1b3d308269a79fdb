import type { Room as RoomDetails, RoomState } from '../contract/index.ts'
import type { Connection } from './connection.ts'
import type { Registry } from './registry.ts'
import type { CallArguments, CallAnswer, Rest } from './rest.ts'
import { Room, type RoomTools } from './room.ts'
import type { RoomModel } from './room-model.ts'
import { sameIfEqual } from './same.ts'

interface RoomsOptions extends RoomTools {
  registry: Registry
  rest: Rest
  connection: Connection
}

/** The rooms of whoever is signed in: `parley.rooms`. */
export class Rooms {
  readonly #options: RoomsOptions
  readonly #rooms = new WeakMap<RoomModel, Room>()
  #joined: readonly Room[] = []

  constructor (options: RoomsOptions) {
    this.#options = options
  }

  /** Those I am in; a new array when others are in it than before. */
  get joined (): readonly Room[] {
    return (this.#joined = sameIfEqual(this.#joined, this.#options.registry.joined.map((model) => this.of(model))))
  }

  /** A room by its id, whether or not I am in it. */
  get (roomId: string): Room {
    return this.of(this.#options.registry.get(roomId.toLowerCase()))
  }

  /**
   * Makes a room and owns it.
   *
   * @example const kitchen = await parley.rooms.make({ name: 'Kitchen', kind: 'public' })
   */
  async make (room: { name: string, kind: 'public' | 'private', topic?: string }): Promise<Room> {
    return this.#enter((await this.#options.rest('makeRoom', { body: room })).room)
  }

  /** The one direct room with somebody, made when there is none. @throws ParleyError `user.not_found`. */
  async openDirect (userId: string): Promise<Room> {
    return this.#enter((await this.#options.rest('openDirectRoom', { body: { userId } })).room)
  }

  /** Joins a public room; resolves when this client hears of what happens in it. @throws ParleyError `room.not_found`. */
  async join (roomId: string): Promise<Room> {
    const state: RoomState = await this.#options.connection.ask('room:join', { roomId })
    const model = this.#options.registry.get(state.room.id)
    // Mostly `room:joined` has said it already, and perhaps events have followed it.
    if (!model.log.isVerified) model.enter('joined', state)
    return this.of(model)
  }

  /** Where a link leads. @throws ParleyError `link.not_found`. */
  lookAtInvitation (token: string): Promise<CallAnswer<'getInvitation'>> {
    return this.#options.rest('getInvitation', { params: { token } })
  }

  /** Joins by a link. @throws ParleyError `link.not_found`, `request.forbidden`. */
  async acceptInvitation (token: string): Promise<Room> {
    return this.#enter((await this.#options.rest('acceptInvitation', { params: { token } })).room)
  }

  /** Public rooms to join, by name: a page of them, and the cursor of the next. */
  findPublic (query: { query?: string, cursor?: string, limit?: number } = {}): Promise<{ rooms: RoomDetails[], nextCursor: string | null }> {
    return this.#options.rest('listDirectory', { query })
  }

  /** A page of `GET /rooms`, as the server has it. Not needed to know one's rooms: `joined` does. */
  list (...args: CallArguments<'listRooms'>): Promise<CallAnswer<'listRooms'>> {
    return this.#options.rest('listRooms', ...args)
  }

  /** The socket says the same, before this or after it. */
  #enter (details: RoomDetails): Room {
    const model = this.#options.registry.get(details.id)
    model.describe(details)
    return this.of(model)
  }

  /** @internal */
  of (model: RoomModel): Room {
    const known = this.#rooms.get(model)
    if (known) return known
    const room = new Room(model, this.#options)
    this.#rooms.set(model, room)
    return room
  }
}
