import { medianOf, ratioOf, samplesOf, type CandidateName, type PartName, type Sample } from './sample.ts'
import type { Sizes } from './sizes.ts'

/** Which samples are looked at. */
interface Spot {
  window: string
  nodes: number
  candidate: CandidateName
}

export interface Goal {
  id: string
  part: PartName
  sentence: string
  /** Of the samples' values. */
  value: string
  of: Spot
  /** What it is divided by; without it the value itself is judged. */
  by?: Spot
  limit: number
  /** The limit is the least, not the most. */
  isLeast?: true
}

export type Verdict = 'reached' | 'missed' | 'void' | 'not measured'

export interface Judgement {
  goal: Goal
  /** Medians over the repeats. */
  measured: number | undefined
  comparedWith: number | undefined
  /** The median of the ratios of each repeat. */
  ratio: number | undefined
  verdict: Verdict
}

export function goalsOf ({ nodeCounts, spread, arrivals, connects }: Sizes): Goal[] {
  const ofBare = (id: string, part: PartName, window: string, nodes: number, rest: Pick<Goal, 'sentence' | 'value' | 'limit' | 'isLeast'>): Goal => ({
    id, part, ...rest, of: { window, nodes, candidate: 'parley' }, by: { window, nodes, candidate: 'bare' }
  })
  const alone = (id: string, part: PartName, window: string, nodes: number, rest: Pick<Goal, 'sentence' | 'value' | 'limit'>): Goal => ({
    id, part, ...rest, of: { window, nodes, candidate: 'parley' }
  })
  return [
    ...nodeCounts.flatMap((nodes) => [
      ofBare('1a', 'fan-out', 'saturation', nodes, { sentence: 'CPU per delivery at saturation', value: 'cpuUs', limit: 0.5 }),
      ofBare('1b', 'fan-out', 'slow', nodes, { sentence: 'CPU per delivery at a slow steady rate', value: 'cpuUs', limit: 1.1 }),
      ofBare('1c', 'fan-out', 'half', nodes, { sentence: 'p99 of delivery at half of saturation', value: 'deliveryP99Ms', limit: 1.5 })
    ]),
    ...nodeCounts.flatMap((nodes) => [
      ofBare('2a', 'sends', 'saturation', nodes, { sentence: 'acks per second', value: 'acksPerSecond', limit: 0.6, isLeast: true }),
      ofBare('2b', 'sends', 'saturation', nodes, { sentence: 'CPU per acked send', value: 'cpuUs', limit: 2 }),
      ofBare('2c', 'sends', 'half', nodes, { sentence: 'p99 of the ack at half of saturation', value: 'ackP99Ms', limit: 3 })
    ]),
    ofBare('3a', 'connects', 'no rooms', 1, { sentence: 'CPU per connect of people in no room', value: 'cpuUs', limit: 1.5 }),
    ofBare('3b', 'connects', 'five rooms', 1, { sentence: 'CPU per connect of people in five rooms', value: 'cpuUs', limit: 1.5 }),
    alone('3c', 'connects', 'burst', 1, { sentence: `people kept out of a burst of ${connects.burst}`, value: 'failed', limit: 0 }),
    alone('3d', 'connects', 'round trips', 1, { sentence: 'reads of Redis per connect', value: 'redisReads', limit: 0.5 }),
    alone('3e', 'connects', 'round trips', 1, { sentence: 'commits of Postgres per connect', value: 'commits', limit: 0.5 }),
    ofBare('4a', 'memory', 'memory', 1, { sentence: 'memory per idle connection in five rooms', value: 'usedBytes', limit: 1.1 }),
    alone('4b', 'memory', 'memory', 1, { sentence: 'memory per idle connection in five rooms', value: 'usedBytes', limit: 20_000 }),
    {
      id: '5a',
      part: 'nodes',
      sentence: `CPU per delivery on ${spread.many} nodes, against ${spread.few}`,
      value: 'cpuUs',
      limit: 1.2,
      of: { window: 'spread', nodes: spread.many, candidate: 'parley' },
      by: { window: 'spread', nodes: spread.few, candidate: 'parley' }
    },
    alone('5b', 'nodes', 'spread', spread.many, { sentence: 'messages from Redis about rooms of other nodes, per node and second', value: 'heardForeign', limit: 0 }),
    ...nodeCounts.map((nodes) =>
      alone('6', 'presence', 'arrivals', nodes, { sentence: `CPU per arrival, ${arrivals.count} people in ${arrivals.overMs / 1000} s`, value: 'cpuUs', limit: 3000 }))
  ]
}

export function judge (goal: Goal, samples: Sample[]): Judgement {
  const { part, value, of, by, limit, isLeast } = goal
  const own = samplesOf(samples, { part, ...of }, of.candidate)
  const others = by ? samplesOf(samples, { part, ...by }, by.candidate) : []
  const ratio = by && ratioOf(own, others, value)
  const measured = medianOf(own, value)
  const figure = by ? ratio : measured
  const isVoid = [...own, ...others].some(({ faults }) => faults.length > 0)
  const isReached = figure !== undefined && (isLeast ? figure >= limit : figure <= limit)
  const verdict = isVoid ? 'void' : figure === undefined ? 'not measured' : isReached ? 'reached' : 'missed'
  return { goal, measured, comparedWith: by && medianOf(others, value), ratio, verdict }
}
