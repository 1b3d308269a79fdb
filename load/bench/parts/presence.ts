import { setTimeout as sleep } from 'node:timers/promises'
import { parley } from '../candidates/parley.ts'
import { crowdOf, othersOf, seatCrowd, warmUpFrom } from '../crowd.ts'
import type { Seat } from '../crew/tasks.ts'
import { alternate, measure } from '../rounds.ts'
import { perUnit } from '../sample.ts'
import { groupSize } from '../sizes.ts'
import type { Part } from './part.ts'

/** After those who are gone are offline to others: until it has been saved when they were seen last. */
const savedMs = 2000
const goneMs = 20_000

/** Waits until nobody is in a room any more to those who are members of it. */
async function untilEmpty ({ url, cookie = '', rooms: [roomId = ''] }: Seat): Promise<void> {
  const deadline = performance.now() + goneMs
  for (;;) {
    const answer = await fetch(`${url}/api/rooms/${roomId}/presence`, { headers: { cookie }, signal: AbortSignal.timeout(goneMs) })
    const { counts } = await answer.json() as { counts?: { online: number } }
    if (counts?.online === 0) return await sleep(savedMs)
    if (performance.now() > deadline) throw new Error(`Whoever warmed up is still there: ${JSON.stringify(counts)}.`)
    await sleep(250)
  }
}

export const presence: Part = {
  about: '1,000 people arriving in 10 s, each watching 50 others',
  method: ({ arrivals }) => `Parley alone. ${arrivals.count} people in five rooms connect over ${arrivals.overMs / 1000} s; each then watches the ${groupSize - 1} others of their ` +
    'rooms, and is told of those who come later. The window ends when everybody knows of everybody who is there. Before it ' +
    `${arrivals.warmUp} people of other rooms do the same, leave, and are offline again. CPU is node(s), Redis and Postgres, per arrival: the connect, the ` +
    'picture, and telling the others.',

  async run (stage) {
    const { crew, sizes: { arrivals, nodeCounts } } = stage
    const crowd = await crowdOf(stage)
    return await alternate(stage, { part: 'presence', candidates: [parley], nodeCounts }, async (round) => {
      const { part, candidate, nodes, repeat, running } = round
      const perSecond = arrivals.count / arrivals.overMs * 1000
      const arriving = seatWatchers(0, arrivals.count)
      const onLine = crowd.people.slice(0, arrivals.count).map(({ userId }) => userId)
      await warmUp()
      await crew.reset()
      const { usage, result: { opened, watching } } = await measure(stage, round, 'arrivals', async () => ({
        opened: await crew.open({ candidate, seats: arriving, perSecond }),
        watching: await crew.settleWatchers(onLine)
      }))
      const { bytes, lostConnections } = await crew.settle({})
      const failed = arrivals.count - opened.connected
      const counts = { 'could not connect': failed, 'connections lost': lostConnections, 'pictures wrong in the end': watching.wrong }
      return [{
        part,
        window: 'arrivals',
        candidate,
        nodes,
        repeat,
        values: {
          ...perUnit(usage, opened.connected),
          bytes: bytes / opened.connected,
          connectP99Ms: opened.us.percentile(0.99) / 1000,
          arrivalsPerSecond: opened.connected / opened.elapsedMs * 1000,
          settledMs: watching.waitedMs
        },
        othersShare: usage.othersShare,
        faults: Object.entries(counts).filter(([, count]) => count > 0).map(([what, count]) => `${candidate}: ${count} ${what}`)
      }]

      /** Each with the others of their rooms to watch. */
      function seatWatchers (from: number, to: number): Seat[][] {
        // Dealt out in turn: the one at this place is that one of the crowd.
        return seatCrowd(crowd, running, from, to).map((share, worker) =>
          share.map((seat, index) => ({ ...seat, watches: othersOf(crowd, from + 2 * index + worker) })))
      }

      /** By people whom nobody of the others watches. */
      async function warmUp (): Promise<void> {
        const from = warmUpFrom(arrivals)
        const seats = seatWatchers(from, from + arrivals.warmUp)
        await crew.open({ candidate, seats, perSecond })
        await crew.close()
        const [last] = seats.flatMap((share) => share.at(-1) ?? [])
        if (last) await untilEmpty(last)
      }
    })
  }
}
