import { bare } from '../candidates/bare.ts'
import { batched } from '../candidates/batched.ts'
import { parley } from '../candidates/parley.ts'
import type { DriveOptions } from '../crew/crew.ts'
import type { Seat } from '../crew/tasks.ts'
import { alternate, type Round } from '../rounds.ts'
import type { Sample } from '../sample.ts'
import type { Stage } from '../stage.ts'
import { countAsked } from '../store-counts.ts'
import { sendMessages, warmUp } from '../traffic.ts'
import type { Part } from './part.ts'

function pairUp (stage: Stage) {
  const { pairs } = stage.sizes
  return stage.town.settle('pairs', 2 * pairs.rooms, Array.from({ length: pairs.rooms }, (_, room) => [2 * room, 2 * room + 1]))
}

/** Two in each room, on different nodes where there are several; both send, and both processes have half of the rooms. */
async function openPairs (stage: Stage, { running, candidate }: Round): Promise<number[][]> {
  const { people, roomIds } = await pairUp(stage)
  const seats: [Seat[], Seat[]] = [[], []]
  roomIds.forEach((roomId, room) => {
    for (const side of [0, 1]) {
      const cookie = candidate === 'parley' ? people[2 * room + side]?.cookie : undefined
      seats[room % 2 as 0 | 1].push({ url: running.nodes[(room + side) % running.nodes.length]?.url ?? '', cookie, rooms: [roomId] })
    }
  })
  const opened = await stage.crew.open({ candidate, seats, atOnce: 16 })
  if (opened.connected < people.length) throw new Error(`Not everybody could connect: ${JSON.stringify(opened.failures)}`)
  return seats.map((share) => share.map((_, index) => index))
}

/** Once more at saturation, counting what the stores are asked. */
async function countTrips (stage: Stage, { part, candidate, nodes, repeat }: Round, options: DriveOptions): Promise<Sample> {
  const values = await countAsked(stage.stores, async () => {
    const { acked } = await stage.crew.drive(options)
    return Object.values(acked).reduce((sum, count) => sum + count, 0)
  })
  return { part, window: 'round trips', candidate, nodes, repeat, values, othersShare: 0, faults: [] }
}

export const sends: Part = {
  about: 'acked sends over 50 rooms of two: CPU, acks per second, delay of an ack',
  method: ({ pairs, windowMs }) => `${pairs.rooms} rooms of two people who both send and listen. *saturation*: ${pairs.inFlight} sends in flight in all, the ` +
    'next as soon as one is acked. *half*: half of the candidate\'s own saturation. *round trips*: what the stores are asked at saturation, per acked send. The bare servers ack at once and store nothing; Parley acks ' +
    `when Postgres has committed, with fsync and synchronous_commit on. Windows of ${windowMs / 1000} s; CPU is node(s), Redis and Postgres, per acked send.`,

  async run (stage) {
    const { sizes: { pairs, windowMs, nodeCounts } } = stage
    await pairUp(stage)
    return await alternate(stage, { part: 'sends', candidates: [bare, batched, parley], nodeCounts }, async (round) => {
      const senders = await openPairs(stage, round)
      const load = { inFlight: pairs.inFlight, until: 'acked' } as const
      await warmUp(stage, { senders, load })
      const saturation = await sendMessages(stage, round, 'saturation', { senders, load, durationMs: windowMs })
      const perSecond = (saturation.values.acksPerSecond ?? 0) / 2
      const half = await sendMessages(stage, round, 'half', { senders, load: { perSecond }, durationMs: windowMs })
      return [saturation, half, await countTrips(stage, round, { senders, load, durationMs: windowMs / 2 })]
    })
  }
}
