import type { Membership, Memberships } from '../domain/members.ts'

/** What is read of a user's rooms. From its beginning to its end it is told which of them the user has left meanwhile. */
export class Reading {
  version = 0
  #memberships: Membership[] = []
  /** Most leave none. */
  #left: Set<string> | undefined

  /** Without those that the user has left since. */
  get memberships (): Membership[] {
    const left = this.#left
    return left ? this.#memberships.filter(({ room }) => !left.has(room.id)) : this.#memberships
  }

  leave (roomId: string): void {
    this.#left ??= new Set()
    this.#left.add(roomId)
  }

  take ({ version, memberships }: Memberships): void {
    this.version = version
    this.#memberships = memberships
  }

  /** What is read from now on knows of it. */
  forgetLeft (): void {
    this.#left = undefined
  }
}
