import { percentile } from '../prove/percentile.ts'
import type { Usage } from './meter.ts'

export const partNames = ['references', 'fan-out', 'sends', 'connects', 'memory', 'nodes', 'presence'] as const
export type PartName = typeof partNames[number]

export const candidateNames = ['bare', 'batched', 'parley', 'raw', 'inserts'] as const
export type CandidateName = typeof candidateNames[number]

/** What one window of one repeat found. */
export interface Sample {
  part: PartName
  /** Of the part, such as `saturation`. */
  window: string
  candidate: CandidateName
  nodes: number
  repeat: number
  values: Record<string, number>
  /** What other processes used, as a share of the machine. */
  othersShare: number
  /** Why its figures are void: something was lost, doubled or refused. */
  faults: string[]
}

/** From here on a window is marked as disturbed. */
export const disturbedShare = 0.1

/** What the server's CPU was spent on, for each of so many. */
export function perUnit (usage: Usage, count: number): Record<string, number> {
  return {
    cpuUs: usage.serverUs / count,
    nodeUs: usage.nodeUs / count,
    redisUs: usage.redisUs / count,
    postgresUs: usage.postgresUs / count
  }
}

export type Where = Pick<Sample, 'part' | 'window' | 'nodes'>

export function samplesOf (samples: Sample[], { part, window, nodes }: Where, candidate: CandidateName): Sample[] {
  return samples.filter((sample) => sample.part === part && sample.window === window && sample.nodes === nodes && sample.candidate === candidate)
}

export function median (values: number[]): number | undefined {
  const finite = values.filter((value) => Number.isFinite(value))
  const [lower, upper] = [percentile(finite, 0.5), finite.toSorted((a, b) => a - b)[Math.floor(finite.length / 2)]]
  return lower === undefined || upper === undefined ? undefined : (lower + upper) / 2
}

/** The median over the repeats; undefined when there is none, or when one of them is void. */
export function medianOf (samples: Sample[], value: string): number | undefined {
  if (samples.some(({ faults }) => faults.length > 0)) return undefined
  return median(samples.flatMap(({ values }) => values[value] ?? []))
}

/** The median of the ratios of each repeat: what drifts from one repeat to the next is in both of its figures. */
export function ratioOf (above: Sample[], below: Sample[], value: string): number | undefined {
  if ([...above, ...below].some(({ faults }) => faults.length > 0)) return undefined
  return median(above.flatMap(({ repeat, values }) => {
    const other = below.find((sample) => sample.repeat === repeat)?.values[value]
    const own = values[value]
    return own === undefined || other === undefined ? [] : own / other
  }))
}
