import type { Presence, PresenceStatus } from '../../contract/index.ts'

/** A person as this node knows them. */
interface Picture {
  presence: Presence
  version: number
  /** What those who watch were told; undefined when not all of them were told the same. */
  told: PresenceStatus | undefined
}

/**
 * What this node knows of the people watched here, and what of it is still to be told. Pure: no socket, no store.
 *
 * News may come in any order and any number of times: a later version is never overridden by an earlier one, and what
 * has changed to and fro before anybody was told is not told.
 */
export class Pictures {
  readonly #pictures = new Map<string, Picture>()
  readonly #changed = new Set<string>()

  /** Whether there is something to tell. */
  get isChanged (): boolean {
    return this.#changed.size > 0
  }

  get (userId: string): Presence | undefined {
    return this.#pictures.get(userId)?.presence
  }

  /** Says whether this is what is known already; then it is known as of this version. */
  confirm ({ userId, status, version }: { userId: string, status: PresenceStatus, version: number }): boolean {
    const known = this.#pictures.get(userId)
    if (known?.presence.status !== status) return false
    known.version = Math.max(version, known.version)
    return true
  }

  /** Takes it in, if it is not older than what is known. Something unknown has no version: it says that none can be relied on. */
  take (presence: Presence, version: number): void {
    const { userId, status } = presence
    const known = this.#pictures.get(userId)
    if (!known) {
      this.#pictures.set(userId, { presence, version, told: status })
    } else if (status === 'unknown' || version >= known.version) {
      known.presence = presence
      known.version = Math.max(version, known.version)
      if (status === known.told) this.#changed.delete(userId)
      else this.#changed.add(userId)
    }
  }

  /** Says whether this is still to be told. If so, somebody has now been told before the others. */
  isAhead (userId: string): boolean {
    const picture = this.#changed.has(userId) ? this.#pictures.get(userId) : undefined
    if (picture) picture.told = undefined
    return picture !== undefined
  }

  forget (userId: string): void {
    this.#pictures.delete(userId)
    this.#changed.delete(userId)
  }

  /** Everybody of whom watchers are to be told; from now on they have been. */
  tellChanges (): Presence[] {
    const presences: Presence[] = []
    for (const userId of this.#changed) {
      const picture = this.#pictures.get(userId)
      if (!picture) continue
      picture.told = picture.presence.status
      presences.push(picture.presence)
    }
    this.#changed.clear()
    return presences
  }
}
