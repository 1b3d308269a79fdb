import { CookieJar } from '../../sdk/cookies.ts'
import { createRest, type Rest } from '../../sdk/rest.ts'
import { parley } from './candidates/parley.ts'
import type { Stage } from './stage.ts'

export interface Person {
  userId: string
  /** Signed in: the value of the `Cookie` header. */
  cookie: string
}

/** People with sessions, and the rooms they are in. */
export interface Settlement {
  people: Person[]
  /** In the order in which they were asked for. */
  roomIds: string[]
}

const atOnce = 64
const callMs = 60_000

/** Makes accounts, sessions, rooms and memberships over REST before anything is measured; each once in a run. */
export class Town {
  readonly #stage: () => Stage
  readonly #settlements = new Map<string, Settlement>()

  constructor (stage: () => Stage) {
    this.#stage = stage
  }

  /** @param rooms for each room who is in it, by their place among the people */
  async settle (name: string, peopleCount: number, rooms: number[][]): Promise<Settlement> {
    const known = this.#settlements.get(name)
    if (known) return known
    const stage = this.#stage()
    stage.say(`         ${peopleCount} people and ${rooms.length} rooms (${name})`)
    const running = await parley.start(stage, 1)
    try {
      const settlement = await build(name, running.nodes[0]?.url ?? '', peopleCount, rooms, stage.signal)
      this.#settlements.set(name, settlement)
      return settlement
    } finally {
      await running.stop()
    }
  }
}

async function build (name: string, url: string, peopleCount: number, rooms: number[][], signal: AbortSignal): Promise<Settlement> {
  const numbers = Array.from({ length: peopleCount }, (_, index) => index)
  const members = await inParallel(numbers, signal, (number) => enroll(url, `${name}-${number}`))
  const memberOf = (index: number | undefined): typeof members[number] => {
    const member = members[index ?? -1]
    if (!member) throw new Error(`There is no person ${index} in ${name}.`)
    return member
  }
  const roomIds = await inParallel(rooms, signal, async ([owner], index) => {
    const { room } = await memberOf(owner).rest('makeRoom', { body: { name: `${name} ${index}`, kind: 'public' } })
    return room.id
  })
  // One room after the other for each of them would queue all in one room.
  const joins = rooms.flatMap((inside, index) => inside.slice(1).map((person, turn) => ({ person, turn, roomId: roomIds[index] ?? '' })))
  await inParallel(joins.toSorted((one, other) => one.turn - other.turn), signal, async ({ person, roomId }) => {
    const { rest, userId } = memberOf(person)
    await rest('putMember', { params: { roomId, userId } })
  })
  return { people: members.map(({ userId, cookie }) => ({ userId, cookie })), roomIds }
}

async function enroll (url: string, username: string): Promise<Person & { rest: Rest }> {
  const jar = new CookieJar()
  const rest = createRest({ url, jar, fetch, timeoutMs: callMs })
  const password = `the password of ${username}`
  const { user } = await rest('register', { body: { username, password } })
  await rest('login', { body: { username, password } })
  return { userId: user.id, cookie: jar.header ?? '', rest }
}

/** Does this for all of them, many at once, and keeps their order. */
export async function inParallel<Item, Result> (items: Item[], signal: AbortSignal, work: (item: Item, index: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  const waiting = items.entries()
  const next = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      signal.throwIfAborted()
      results[index] = await work(item, index)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, next))
  return results
}
