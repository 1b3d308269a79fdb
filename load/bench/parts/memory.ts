import { setTimeout as sleep } from 'node:timers/promises'
import { bare } from '../candidates/bare.ts'
import { parley } from '../candidates/parley.ts'
import { crowdOf, seatCrowd } from '../crowd.ts'
import { alternate, measure, type Round } from '../rounds.ts'
import { perUnit, type Sample } from '../sample.ts'
import type { Stage } from '../stage.ts'
import type { Part } from './part.ts'

async function connectTo (stage: Stage, round: Round, from: number, to: number): Promise<void> {
  const seats = seatCrowd(await crowdOf(stage), round.running, from, to)
  const { connected, failures } = await stage.crew.open({ candidate: round.candidate, seats, atOnce: 32 })
  if (connected < to - from) throw new Error(`Not everybody could connect: ${JSON.stringify(failures)}`)
}

export const memory: Part = {
  about: 'what an idle connection in five rooms keeps, and costs',
  method: ({ idle, windowMs }) => `One node. Memory in use (heap and buffers) after a forced collection, with ${idle.few} and with ${idle.many} idle ` +
    'connections of people in five rooms of fifty: the slope between the two, per connection. *idle*: the CPU of node, Redis and Postgres over ' +
    `${windowMs / 1000} s with all of them connected and nobody doing anything, per connection and second (pings, looking after sessions and rooms).`,

  async run (stage) {
    const { idle: { few, many }, warmUpMs, windowMs } = stage.sizes
    await crowdOf(stage)
    return await alternate(stage, { part: 'memory', candidates: [bare, parley], nodeCounts: [1] }, async (round) => {
      const { part, candidate, nodes, repeat, running } = round
      const node = running.nodes[0]
      if (!node) throw new Error('There is no node.')
      await connectTo(stage, round, 0, few)
      await sleep(warmUpMs)
      const before = await node.memory()
      await connectTo(stage, round, few, many)
      await sleep(warmUpMs)
      const after = await node.memory()
      const { usage } = await measure(stage, round, 'idle', () => sleep(windowMs))
      const { lostConnections } = await stage.crew.settle({})
      const where = { part, candidate, nodes, repeat, faults: lostConnections > 0 ? [`${candidate}: ${lostConnections} connections lost`] : [] }
      const slope: Sample = {
        ...where,
        window: 'memory',
        values: {
          usedBytes: (after.usedBytes - before.usedBytes) / (many - few),
          residentBytes: (after.residentBytes - before.residentBytes) / (many - few)
        },
        othersShare: 0
      }
      const cost: Sample = { ...where, window: 'idle', values: perUnit(usage, many * usage.elapsedMs / 1000), othersShare: usage.othersShare }
      return [slope, cost]
    })
  }
}
