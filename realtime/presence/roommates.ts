import type { PresenceRules } from '../../domain/presence.ts'
import type { FollowedRooms } from './service.ts'

/** Where somebody was found. */
interface Place {
  roomId: string
  life: number
}

/** A connection of which no room is known: everything is asked. */
export const noRooms: FollowedRooms = { ids: () => [], lifeOf: () => undefined }

/**
 * In which room people were found to be, so that whoever is in it as well sees them without asking again. It holds while
 * this node follows the room's log, by which it hears when somebody leaves; then `moved` ends it.
 */
export class Roommates {
  readonly #rules: Pick<PresenceRules, 'visibleTo'>
  readonly #places = new Map<string, Place>()
  #moves = 0

  constructor (rules: Pick<PresenceRules, 'visibleTo'>) {
    this.#rules = rules
  }

  /** Those of these people whom the viewer may not see. */
  async hiddenFrom (viewerId: string, userIds: string[], rooms: FollowedRooms): Promise<Set<string>> {
    const unknown = this.#listUnknown(viewerId, userIds, rooms)
    if (unknown.length === 0) return new Set()
    const lives = new Map(Array.from(rooms.ids(), (roomId) => [roomId, rooms.lifeOf(roomId)]))
    const moves = this.#moves
    const found = await this.#rules.visibleTo(viewerId, unknown)
    for (const [userId, roomId] of found) {
      const life = roomId === undefined ? undefined : lives.get(roomId)
      // What was left while this was asked may have been left after it was answered.
      if (roomId !== undefined && life !== undefined && moves === this.#moves) this.#places.set(userId, { roomId, life })
    }
    return new Set(unknown.filter((userId) => !found.has(userId)))
  }

  /** These have entered or left a room. */
  moved (userIds: Iterable<string>): void {
    this.#moves++
    this.forget(userIds)
  }

  forget (userIds: Iterable<string>): void {
    for (const userId of userIds) this.#places.delete(userId)
  }

  #listUnknown (viewerId: string, userIds: string[], rooms: FollowedRooms): string[] {
    // Most were found in the same room.
    let roomId: string | undefined
    let life: number | undefined
    return userIds.filter((userId) => {
      const place = this.#places.get(userId)
      if (userId === viewerId || !place) return userId !== viewerId
      if (place.roomId !== roomId) {
        roomId = place.roomId
        life = rooms.lifeOf(roomId)
      }
      return place.life !== life
    })
  }
}
