import type { Presence } from '../../../contract/index.ts'
import { now, sleepUntil } from '../clock.ts'
import type { Person } from '../crew/person.ts'
import type { Scenario, Stage } from './scenario.ts'

const mostWatched = 50
const everyMs = 1500
const settleMs = 15_000

/** What one person sees of those they watch. */
type Picture = Map<string, Presence['status']>

/** Who has just said that they are away, or back, and when. */
type Said = Map<string, { status: Presence['status'], at: number }>

export const presenceChurn: Scenario = {
  name: 'presence-churn',
  about: 'everybody watches up to fifty others, goes away and comes back every few seconds, or reconnects',
  people: 60,
  rate: 30,
  rooms: (people) => ({ rooms: Math.max(1, Math.floor(people / 20)), roomSize: Math.min(people, 50) }),
  act: async (stage) => {
    const said: Said = new Map()
    const pictures = await Promise.all(stage.people.map((person) => watch(person, stage, said)))
    let isOver = false
    const over = stage.until(0.9).then(() => { isOver = true })
    await Promise.all([over, ...stage.people.map((person) => churn(person, stage, said, () => isOver))])
    stage.tally.faults.mismatched += await countWrong(pictures, stage.signal)
  }
}

async function watch (person: Person, { people, tally, random }: Stage, said: Said): Promise<Picture> {
  const mates = people.filter((other) => other !== person && [...other.logs.keys()].some((roomId) => person.logs.has(roomId)))
  const userIds = random.shuffle(mates).slice(0, mostWatched).map(({ userId }) => userId)
  const picture: Picture = new Map()
  person.onPresence = (users) => {
    for (const { userId, status } of users) {
      const before = picture.get(userId)
      picture.set(userId, status)
      const change = said.get(userId)
      if (change?.status === status && before !== status) tally.measure('presence', now() - change.at)
    }
  }
  person.onReady = async () => {
    if (userIds.length === 0) return
    const { users } = await person.ask('presence:watch', { userIds })
    for (const { userId, status } of users) picture.set(userId, status)
  }
  await person.onReady()
  return picture
}

/** Away and back, or a reconnect; at the end back. */
async function churn (person: Person, { random, signal }: Stage, said: Said, isOver: () => boolean): Promise<void> {
  const set = async (status: 'online' | 'away'): Promise<void> => {
    said.set(person.userId, { status, at: now() })
    await person.ask('presence:set', { status })
  }
  // Long enough for a server that tells changes by the tick to tell it.
  const pause = (): Promise<void> => sleepUntil(now() + everyMs * (0.3 + random.next() * 0.7), signal)
  const goAndComeBack = async (): Promise<void> => {
    await set('away')
    await pause()
    await set('online')
  }
  const reconnect = async (): Promise<void> => {
    person.drop()
    await person.connect()
  }
  await sleepUntil(now() + everyMs * random.next(), signal)
  await goAndComeBack()
  while (!isOver() && !signal.aborted) {
    await pause()
    await (random.chance(0.2) ? reconnect() : goAndComeBack())
  }
}

/** In the end everybody is there, and whoever watches must come to see it. */
async function countWrong (pictures: Picture[], signal: AbortSignal): Promise<number> {
  const deadline = now() + settleMs
  const count = (): number => pictures.flatMap((picture) => [...picture.values()]).filter((status) => status !== 'online').length
  while (count() > 0 && now() < deadline && !signal.aborted) await sleepUntil(now() + 50, signal)
  return signal.aborted ? 0 : count()
}
