import { CookieJar } from '../../sdk/cookies.ts'
import { ParleyError } from '../../sdk/errors.ts'
import { createRest, type Rest } from '../../sdk/rest.ts'
import { accountOf, signIn } from './crew/account.ts'
import { Patience } from './crew/patience.ts'
import { Tally } from './crew/tally.ts'
import { inTurns } from './in-turns.ts'
import { seat, type Plan } from './plan.ts'

const requestsAtOnce = 8
const leaveMs = 30_000

/** Makes the rooms, and takes them away afterwards. */
export class Host {
  readonly #rest: Rest
  readonly #prefix: string
  readonly #tally = new Tally()
  #patience: Patience
  #userId = ''

  /** The signal ends everything but `leave`. */
  constructor (url: string, prefix: string, signal: AbortSignal) {
    this.#rest = createRest({ url, jar: new CookieJar(), fetch, timeoutMs: 20_000 })
    this.#prefix = prefix
    this.#patience = new Patience(this.#tally, signal)
  }

  /** Signs in, and clears away what a run that was killed has left. */
  async enter (): Promise<void> {
    this.#userId = await signIn(this.#rest, accountOf(this.#prefix, 'host'), this.#patience)
    await this.#deleteRooms()
  }

  /** @returns who sits in which room, by the rooms' ids */
  async makeRooms (plan: Plan): Promise<Record<string, number[]>> {
    const seats: Record<string, number[]> = {}
    await inTurns(seat(plan).entries(), requestsAtOnce, async ([number, indices]) => {
      const body = { name: `${this.#prefix} ${plan.scenario} ${number + 1}`, kind: 'public' } as const
      const { room } = await this.#patience.persist('requests', () => this.#rest('makeRoom', { body }))
      seats[room.id] = indices
    })
    return seats
  }

  /** Takes the rooms away and signs out, if there was somebody to do so. @throws Error when the server does not let that happen in time. */
  async leave (): Promise<void> {
    if (this.#userId === '') return
    this.#patience = new Patience(this.#tally, AbortSignal.timeout(leaveMs))
    await this.#deleteRooms()
    await this.#patience.persist('requests', () => this.#rest('logout'))
  }

  /** The host is in rooms of such runs only. */
  async #deleteRooms (): Promise<void> {
    for (;;) {
      const { rooms } = await this.#patience.persist('requests', () => this.#rest('listRooms', { query: { limit: 100 } }))
      if (rooms.length === 0) return
      await inTurns(rooms, requestsAtOnce, ({ id }) => this.#deleteRoom(id))
    }
  }

  async #deleteRoom (roomId: string): Promise<void> {
    try {
      await this.#patience.persist('requests', () => this.#rest('deleteRoom', { params: { roomId } }))
    } catch (error) {
      if (!(error instanceof ParleyError) || error.code !== 'room.not_found') throw error
    }
  }
}
