import { formatTable } from '../../prove/report/table.ts'
import { measureNames, type MeasureName, type Reasons } from '../crew/tally.ts'
import type { ScenarioResult, ServerSummary } from './report.ts'

export const measureLabels: Record<MeasureName, string> = {
  ack: 'ack',
  delivery: 'delivery',
  connect: 'connect until ready',
  signIn: 'sign in',
  presence: 'presence change seen',
  lateness: 'sent late (in both)'
}

/** Everything that came of a scenario, in lines. */
export function formatScenario (result: ScenarioResult): string {
  return [describePlan(result), formatCounts(result), formatLatencies(result), formatServers(result), formatTester(result), ...result.notes.map((note) => `! ${note}`)]
    .filter((part) => part !== '').join('\n\n')
}

export function describePlan ({ plan, nodes, seconds }: ScenarioResult): string {
  const { scenario, people, rooms, roomSize, rate, workers } = plan
  const where = Object.entries(nodes).sort(([a], [b]) => a.localeCompare(b)).map(([node, count]) => `${node} ${count}`).join(', ')
  return `${scenario}: ${people} people (${where}) in ${rooms} ${rooms === 1 ? 'room' : 'rooms'} of ${roomSize}, ${rate} messages/s for ${seconds} s, by ${workers} ${workers === 1 ? 'worker' : 'workers'}`
}

export function formatCounts ({ counts, throughput, faults, failed, retried, limited, cpuMicrosPerDelivery }: ScenarioResult): string {
  const { lost, doubled, outOfOrder, mismatched } = faults
  return formatPairs([
    ['messages sent', `${counts.sent}   ${throughput.sent.toFixed(1)}/s`],
    ['acked', `${counts.acked}   ${throughput.acked.toFixed(1)}/s`],
    ['delivered live', `${counts.delivered}   ${throughput.delivered.toFixed(1)}/s`],
    ...(counts.caughtUp > 0 ? [['delivered by sync', String(counts.caughtUp)] as const] : []),
    ['lost / doubled / out of order / mismatched', `${lost} / ${doubled} / ${outOfOrder} / ${mismatched}`],
    ['failed', formatReasons(failed)],
    ...(Object.keys(retried).length > 0 ? [['tried again', formatReasons(retried)] as const] : []),
    ...(Object.keys(limited).length > 0 ? [['limited, waited for', formatReasons(limited)] as const] : []),
    ...(cpuMicrosPerDelivery !== null ? [['server CPU per delivery', `${cpuMicrosPerDelivery.toFixed(1)} µs`] as const] : [])
  ])
}

function formatPairs (pairs: ReadonlyArray<readonly [string, string]>): string {
  const width = Math.max(...pairs.map(([label]) => label.length))
  return pairs.map(([label, value]) => `${label.padEnd(width)}  ${value}`).join('\n')
}

function formatReasons (reasons: Reasons): string {
  const entries = Object.entries(reasons)
  return entries.length === 0 ? '0' : entries.map(([reason, count]) => `${reason} ${count}`).join(', ')
}

export function formatLatencies ({ latencies }: ScenarioResult): string {
  const rows = measureNames.flatMap((name) => {
    const latency = latencies[name]
    if (!latency) return []
    const { count, p50, p95, p99, max } = latency
    return [[measureLabels[name], String(count), ...[p50, p95, p99, max].map((ms) => ms.toFixed(2))]]
  })
  return rows.length === 0 ? '' : formatTable([['milliseconds', 'count', 'p50', 'p95', 'p99', 'max'], ...rows])
}

export function formatServers ({ servers }: ScenarioResult): string {
  if (servers.length === 0) return ''
  const row = ({ name, cpuMean, cpuMax, memoryMaxBytes }: ServerSummary): string[] =>
    [name, percent(cpuMean), percent(cpuMax), memoryMaxBytes === null ? '–' : `${(memoryMaxBytes / 1e6).toFixed(0)} MB`]
  return formatTable([['server', 'CPU mean', 'CPU max', 'memory max'], ...servers.map(row)])
}

export function formatTester ({ tester }: ScenarioResult): string {
  const rows = tester.workers.map(({ name, cpu, utilization, delayP99Ms }) => [name, percent(cpu), percent(utilization), `${delayP99Ms.toFixed(1)} ms`])
  return formatTable([['tester', 'CPU', 'event loop', 'delay p99'], ...rows])
}

function percent (share: number): string {
  return `${(share * 100).toFixed(0)} %`
}
