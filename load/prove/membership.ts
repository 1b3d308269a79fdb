import { ParleyError } from '../../sdk/index.ts'
import { persist, signIn } from './clients/account.ts'
import type { Client } from './clients/client.ts'
import { addMember, type Crowd, type ProvingRoom } from './crowd.ts'
import type { Random } from './random.ts'

/** People come and go, or are removed by the host, and let in again some time later. */
export class Membership {
  readonly #crowd: Crowd
  readonly #random: Random
  readonly #away: Array<{ client: Client, roomId: string }> = []
  readonly #out: Array<{ room: ProvingRoom, userId: string }> = []
  unsettledCount = 0

  constructor ({ crowd, random }: { crowd: Crowd, random: Random }) {
    this.#crowd = crowd
    this.#random = random
  }

  /** Some never come back. */
  change (): void {
    if (this.#random.chance(0.4)) this.#goOrCome()
    else this.#removeOrAdd()
  }

  /** By themselves, each by one of their devices. Nobody lets them into a private room again. */
  #goOrCome (): void {
    const back = this.#random.chance(0.5) ? this.#away.shift() : undefined
    const client = back?.client ?? this.#random.pick(this.#crowd.clients)
    const roomId = back?.roomId ?? this.#random.pick(this.#crowd.rooms).id
    if (!back) this.#away.push({ client, roomId })
    void this.#settle(() => client.move(back ? 'join' : 'leave', roomId))
  }

  #removeOrAdd (): void {
    const back = this.#random.chance(0.5) ? this.#out.shift() : undefined
    if (back) {
      void this.#settle(() => addMember(this.#crowd.host.rest, back.room.id, back.userId))
    } else {
      const gone = { room: this.#random.pick(this.#crowd.rooms), userId: this.#random.pick(this.#crowd.people).userId }
      void this.#settle(async () => {
        await this.#remove(gone.room.id, gone.userId)
        if (this.#random.chance(0.8)) this.#out.push(gone)
      })
    }
  }

  async #remove (roomId: string, userId: string): Promise<void> {
    const { rest } = this.#crowd.host
    try {
      await persist(() => rest('removeMember', { params: { roomId, userId } }))
    } catch (error) {
      // They were not in it, or an attempt before has done it.
      if (!(error instanceof ParleyError) || error.code !== 'user.not_found') throw error
    }
  }

  async #settle (work: () => Promise<void>): Promise<void> {
    this.unsettledCount++
    try {
      await asHost(this.#crowd, work)
    } finally {
      this.unsettledCount--
    }
  }
}

/** Redis may have been emptied: then the host signs in again. */
export async function asHost<T> ({ host }: Crowd, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ParleyError) || error.code !== 'session.required') throw error
      await signIn(host.rest, host)
    }
  }
}
