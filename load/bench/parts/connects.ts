import { bare } from '../candidates/bare.ts'
import { parley } from '../candidates/parley.ts'
import type { Seat } from '../crew/tasks.ts'
import { crowdOf, deal, seatCrowd } from '../crowd.ts'
import { alternate, measure, type Round } from '../rounds.ts'
import { perUnit, type Sample } from '../sample.ts'
import type { Stage } from '../stage.ts'
import { countAsked } from '../store-counts.ts'
import type { Part } from './part.ts'

/** People who are in no room. */
export function lonersOf (stage: Stage) {
  const { warmUp, count } = stage.sizes.connects
  return stage.town.settle('loners', warmUp + count, [])
}

/** Connects them all, counts what it cost, and closes them again. */
async function connectAll (stage: Stage, round: Round, window: string, seats: Seat[][], atOnce?: number): Promise<Sample> {
  const { crew } = stage
  await crew.reset()
  const { usage, result } = await measure(stage, round, window, () => crew.open({ candidate: round.candidate, seats, ...(atOnce !== undefined && { atOnce }) }))
  const { bytes } = await crew.settle({})
  await crew.close()
  const { connected, refusals, failures, elapsedMs, us } = result
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0)
  for (const [reason, count] of Object.entries(failures)) stage.say(`         ${count} could not connect: ${reason}`)
  const { part, candidate, nodes, repeat } = round
  return {
    part,
    window,
    candidate,
    nodes,
    repeat,
    values: {
      ...perUnit(usage, connected),
      connectsPerSecond: connected / elapsedMs * 1000,
      connectP50Ms: us.percentile(0.5) / 1000,
      connectP99Ms: us.percentile(0.99) / 1000,
      bytes: bytes / connected,
      refusals,
      failed
    },
    othersShare: usage.othersShare,
    faults: []
  }
}

/** The same once more, counting what the stores are asked. */
async function countTrips (stage: Stage, { part, candidate, nodes, repeat }: Round, seats: Seat[][], atOnce: number): Promise<Sample> {
  const values = await countAsked(stage.stores, async () => (await stage.crew.open({ candidate, seats, atOnce })).connected)
  await stage.crew.close()
  return { part, window: 'round trips', candidate, nodes, repeat, values, othersShare: 0, faults: [] }
}

export const connects: Part = {
  about: 'connects, authenticated or not, one by one and 5,000 in a burst',
  method: ({ connects: { count, atOnce, burst } }) => `One node. *no rooms*: ${count} people in no room, ${atOnce} handshakes at a time; ready is with ` +
    '`session:ready`, and with the bare server\'s answer to entering the namespace. *five rooms*: the same for people in five rooms; the bare server\'s clients ' +
    `join theirs with one command. *burst*: ${burst} of these at the same moment; whoever is refused with \`retryAfterMs\` comes again then. *round ` +
    'trips*: commands and reads of Redis, and commits of Postgres, per connect. CPU is node, Redis and Postgres, per connect.',

  async run (stage) {
    const { warmUp, count, atOnce, burst } = stage.sizes.connects
    const loners = await lonersOf(stage)
    const crowd = await crowdOf(stage)
    return await alternate(stage, { part: 'connects', candidates: [bare, parley], nodeCounts: [1] }, async (round) => {
      const { running, candidate } = round
      const alone = deal(loners.people.map(({ cookie }) => ({
        url: running.nodes[0]?.url ?? '', cookie: candidate === 'parley' ? cookie : undefined, rooms: []
      })))
      await stage.crew.open({ candidate, seats: alone.map((seats) => seats.slice(0, warmUp / 2)), atOnce })
      await stage.crew.close()
      const rested = alone.map((seats) => seats.slice(warmUp / 2))
      return [
        await connectAll(stage, round, 'no rooms', rested, atOnce),
        await connectAll(stage, round, 'five rooms', seatCrowd(crowd, running, 0, Math.min(count, burst)), atOnce),
        await countTrips(stage, round, rested, atOnce),
        await connectAll(stage, round, 'burst', seatCrowd(crowd, running, 0, burst))
      ]
    })
  }
}
