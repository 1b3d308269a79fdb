import type { CandidateName, Sample } from '../../load/bench/sample.ts'

/** A window of fan-out at saturation on one node, with one value. */
export function sampleOf (candidate: CandidateName, repeat: number, cpuUs: number, more: Partial<Sample> = {}): Sample {
  return { part: 'fan-out', window: 'saturation', candidate, nodes: 1, repeat, values: { cpuUs }, othersShare: 0, faults: [], ...more }
}
