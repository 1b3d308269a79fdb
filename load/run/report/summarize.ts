import type { Histogram } from '../../light/histogram.ts'
import { hasFaults } from '../check/faults.ts'
import type { MeasureName } from '../crew/tally.ts'
import type { Plan } from '../plan.ts'
import type { Totals } from '../totals.ts'
import type { LoopLoad } from '../watch/loop-watch.ts'
import { takeNotes } from './notes.ts'
import type { Latency, Moment, ScenarioResult, ServerSummary, TesterSummary } from './report.ts'

export interface Outcome {
  plan: Plan
  totals: Totals
  seconds: number
  wasStopped: boolean
  nodes: Record<string, number>
  /** Nodes whose `/metrics` was read. */
  watched: string[]
  loads: Array<{ name: string } & LoopLoad>
}

const busyShare = 0.8
const busyDelayMs = 20

export function summarize ({ plan, totals, seconds, wasStopped, nodes, watched, loads }: Outcome): ScenarioResult {
  const timeline = toTimeline(totals)
  const measured = timeline.filter(({ second }) => second < seconds)
  const servers = summarizeServers(measured)
  const { counts, faults, failed, retried, limited } = totals
  const perSecond = (name: 'sent' | 'acked' | 'delivered'): number => counts[name] / Math.max(1, seconds)
  const cpuSeconds = measured.reduce((sum, moment) => sum + moment.servers.reduce((total, { cpu }) => total + cpu, 0), 0)
  const result = {
    plan,
    isKept: !hasFaults(faults) && Object.keys(failed).length === 0,
    wasStopped,
    seconds,
    counts,
    throughput: { sent: perSecond('sent'), acked: perSecond('acked'), delivered: perSecond('delivered') },
    latencies: Object.fromEntries([...totals.measures].map(([name, histogram]) => [name, toLatency(histogram)])) as Partial<Record<MeasureName, Latency>>,
    faults,
    failed,
    retried,
    limited,
    nodes,
    servers,
    cpuMicrosPerDelivery: servers.length > 0 && counts.delivered > 0 ? cpuSeconds * 1e6 / counts.delivered : null,
    tester: summarizeTester(loads, totals, measured),
    timeline
  }
  return { ...result, notes: takeNotes(result, watched) }
}

export function toLatency (micros: Histogram): Latency {
  const at = (share: number): number => micros.percentile(share) / 1000
  return { count: micros.count, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: micros.max / 1000 }
}

function toTimeline ({ seconds }: Totals): Moment[] {
  return [...seconds].sort(([a], [b]) => a - b).map(([second, { counts, measures, failed, connected, servers, machine }]) => {
    const [ack, delivery] = [measures.get('ack'), measures.get('delivery')]
    return { second, ...counts, failed, connected, servers, machine, ack: ack ? toLatency(ack) : null, delivery: delivery ? toLatency(delivery) : null }
  })
}

function summarizeServers (timeline: Moment[]): ServerSummary[] {
  const names = [...new Set(timeline.flatMap(({ servers }) => servers.map(({ name }) => name)))]
  return names.map((name) => {
    const samples = timeline.flatMap(({ servers }) => servers.filter((server) => server.name === name))
    const cpu = samples.map((sample) => sample.cpu)
    const memory = samples.flatMap(({ memoryBytes }) => memoryBytes ?? [])
    return { name, cpuMean: mean(cpu), cpuMax: Math.max(...cpu), memoryMaxBytes: memory.length > 0 ? Math.max(...memory) : null }
  })
}

function summarizeTester (workers: TesterSummary['workers'], { measures }: Totals, timeline: Moment[]): TesterSummary {
  const lateness = measures.get('lateness')
  const machine = timeline.flatMap((moment) => moment.machine ?? [])
  return {
    workers,
    isBusy: workers.some(({ utilization, delayP99Ms, cpu }) => Math.max(utilization, cpu) > busyShare || delayP99Ms > busyDelayMs),
    lateness: lateness ? toLatency(lateness) : null,
    machine: machine.length > 0 ? mean(machine) : null
  }
}

function mean (values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
