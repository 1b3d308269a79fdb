import type { Presence } from '../../contract/index.ts'

/** Connections that are told the same. */
export interface Audience {
  connectionIds: string[]
  users: Presence[]
}

/** Those who have heard the same so far: the last of it, and what came before. */
interface Hearing {
  last: Presence
  before: Hearing | undefined
}

/** Divides those who are told something into those who are told the same, each with all of it in its order. */
export class Audiences {
  readonly #hearings = new Map<string, Hearing>()

  add (presence: Presence, connectionIds: Iterable<string>): void {
    const continued = new Map<Hearing | undefined, Hearing>()
    for (const connectionId of connectionIds) {
      const before = this.#hearings.get(connectionId)
      let hearing = continued.get(before)
      if (!hearing) continued.set(before, hearing = { last: presence, before })
      this.#hearings.set(connectionId, hearing)
    }
  }

  * [Symbol.iterator] (): Iterator<Audience> {
    const byHearing = new Map<Hearing, string[]>()
    for (const [connectionId, hearing] of this.#hearings) {
      const connectionIds = byHearing.get(hearing)
      if (connectionIds) connectionIds.push(connectionId)
      else byHearing.set(hearing, [connectionId])
    }
    for (const [hearing, connectionIds] of byHearing) yield { connectionIds, users: usersOf(hearing) }
  }
}

function usersOf (hearing: Hearing): Presence[] {
  const users: Presence[] = []
  for (let each: Hearing | undefined = hearing; each; each = each.before) users.push(each.last)
  return users.reverse()
}
