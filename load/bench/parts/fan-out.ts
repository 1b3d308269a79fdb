import { bare } from '../candidates/bare.ts'
import { batched } from '../candidates/batched.ts'
import { parley } from '../candidates/parley.ts'
import type { Seat } from '../crew/tasks.ts'
import { deal } from '../crowd.ts'
import { alternate, type Round } from '../rounds.ts'
import type { Sample } from '../sample.ts'
import type { Stage } from '../stage.ts'
import { tidy } from '../tidy.ts'
import { sendMessages, warmUp } from '../traffic.ts'
import type { Part } from './part.ts'

/** Below this share of its own saturation a candidate can be asked to keep up with another's rate. */
const bearable = 0.8

/**
 * Everybody of the room takes a seat, half of those who send and half of the others in each process of the crew: when one
 * is late to read what came for its listeners, it is as late to send the next.
 */
export async function openHall (stage: Stage, { running, candidate }: Round): Promise<number[][]> {
  const { crew, sizes: { hall }, town } = stage
  const { people, roomIds } = await town.settle('hall', hall.people, [Array.from({ length: hall.people }, (_, index) => index)])
  const seats = people.map(({ cookie }, index): Seat => ({
    url: running.nodes[index % running.nodes.length]?.url ?? '', cookie: candidate === 'parley' ? cookie : undefined, rooms: roomIds
  }))
  const opened = await crew.open({ candidate, seats: deal(seats), atOnce: 32 })
  if (opened.connected < hall.people) throw new Error(`Not everybody could connect: ${JSON.stringify(opened.failures)}`)
  const senders = Array.from({ length: hall.senders / crew.size }, (_, index) => index)
  return [senders, senders]
}

export const fanOut: Part = {
  about: 'a room of 500: CPU and delay of a delivery',
  method: ({ hall, windowMs }) => `One room with ${hall.people} people, ${hall.senders} of whom send. *saturation*: each of these keeps ` +
    `${hall.pipeline} messages on their way; the next is sent when one was acked and has come back to its sender. *slow*: ${hall.slowPerSecond} ` +
    'messages a second in all. *half*: half of the candidate\'s own saturation. *same rate*: half of the bare server\'s saturation, for ' +
    `whom that is no more than ${bearable * 100} % of its own. Windows of ${windowMs / 1000} s; CPU is node(s), Redis and Postgres, per delivered message.`,

  async run (stage) {
    const { sizes: { hall, windowMs, nodeCounts } } = stage
    await stage.town.settle('hall', hall.people, [Array.from({ length: hall.people }, (_, index) => index)])
    const bareRates = new Map<number, number>()
    return await alternate(stage, { part: 'fan-out', candidates: [bare, batched, parley], nodeCounts }, async (round) => {
      const senders = await openHall(stage, round)
      const pipeline = { inFlight: hall.senders * hall.pipeline, until: 'returned' } as const
      const send = (window: string, load: Parameters<typeof sendMessages>[3]['load']): Promise<Sample> =>
        sendMessages(stage, round, window, { senders, load, durationMs: windowMs })

      await warmUp(stage, { senders, load: pipeline })
      const saturation = await send('saturation', pipeline)
      const ownRate = saturation.values.acksPerSecond ?? 0
      if (round.candidate === 'bare') bareRates.set(round.nodes, ownRate)
      await tidy(stage.stores) // It would be counted to the few messages that follow.
      const samples = [saturation, await send('slow', { perSecond: hall.slowPerSecond }), await send('half', { perSecond: ownRate / 2 })]
      const bareRate = bareRates.get(round.nodes)
      if (bareRate !== undefined && bareRate / 2 < ownRate * bearable) samples.push(await send('same rate', { perSecond: bareRate / 2 }))
      return samples
    })
  }
}
