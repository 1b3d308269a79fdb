import { parley } from '../candidates/parley.ts'
import { crowdOf, deal, othersOf, seatCrowd } from '../crowd.ts'
import { alternate, measure } from '../rounds.ts'
import { perUnit } from '../sample.ts'
import { groupSize } from '../sizes.ts'
import { lonersOf } from './connects.ts'
import type { Part } from './part.ts'

export const presence: Part = {
  about: '1,000 people arriving in 10 s, each watching 50 others',
  method: ({ arrivals }) => `Parley alone. ${arrivals.count} people in five rooms connect over ${arrivals.overMs / 1000} s; each then watches the ${groupSize - 1} others of their ` +
    'rooms, and is told of those who come later. The window ends when everybody knows of everybody who is there. CPU is node(s), Redis and ' +
    'Postgres, per arrival: the connect, the picture, and telling the others.',

  async run (stage) {
    const { crew, sizes: { arrivals, nodeCounts } } = stage
    await lonersOf(stage)
    const crowd = await crowdOf(stage)
    return await alternate(stage, { part: 'presence', candidates: [parley], nodeCounts }, async (round) => {
      const { part, candidate, nodes, repeat, running } = round
      const arriving = seatCrowd(crowd, running, 0, arrivals.count)
      // Dealt out in turn: the one at this place is that one of the crowd.
      const seats = arriving.map((share, worker) => share.map((seat, index) => ({ ...seat, watches: othersOf(crowd, 2 * index + worker) })))
      const onLine = crowd.people.slice(0, arrivals.count).map(({ userId }) => userId)
      await warmUpConnects()
      await crew.reset()
      const { usage, result: { opened, watching } } = await measure(stage, round, 'arrivals', async () => ({
        opened: await crew.open({ candidate, seats, perSecond: arrivals.count / arrivals.overMs * 1000 }),
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

      /** By people who are in no room, so that nobody of the others is on line before. */
      async function warmUpConnects (): Promise<void> {
        const { people } = await lonersOf(stage)
        await crew.open({ candidate, atOnce: 32, seats: deal(people.slice(0, stage.sizes.connects.warmUp).map(({ cookie }, index) => ({ url: running.nodes[index % nodes]?.url ?? '', cookie, rooms: [] }))) })
        await crew.close()
      }
    })
  }
}
