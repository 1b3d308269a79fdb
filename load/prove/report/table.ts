import { groupBy } from '../group.ts'
import { percentile } from '../percentile.ts'
import type { PromiseResult } from './promises.ts'
import type { FaultResult, Report } from './report.ts'

/** Rows of equal columns, the first to the left and the others to the right. */
export function formatTable (rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => row.map((cell, column) => {
    const width = widths[column] ?? 0
    return column === 0 ? cell.padEnd(width) : cell.padStart(width)
  }).join('  ').trimEnd()).join('\n')
}

/** Faults, how often, how long until all was well again, and whether that was soon enough. */
export function formatFaults (results: FaultResult[]): string {
  const rows = [...groupBy(results, ({ name }) => name)].map(([name, same]) => [
    name,
    String(same.length),
    ...range(same.flatMap(({ duringMs }) => duringMs === undefined ? [] : [duringMs])),
    ...range(same.map(({ healedMs }) => healedMs)),
    same.every(({ isKept }) => isKept) ? 'kept' : 'BROKEN'
  ])
  return formatTable([['fault', 'times', 'during p50', 'max', 'heal p50', 'max', 'verdict'], ...rows])
}

function range (values: Array<number | null>): [string, string] {
  const known = values.filter((value) => value !== null)
  if (values.length === 0) return ['–', '–']
  return [seconds(percentile(known, 0.5)), known.length < values.length ? 'never' : seconds(percentile(known, 1))]
}

function seconds (ms: number | undefined): string {
  return ms === undefined ? 'never' : `${(ms / 1000).toFixed(2)} s`
}

/** Sessions and presence: what was promised, how often it was put to the test, and how long it took. */
export function formatPromises (results: PromiseResult[]): string {
  const time = (ms: number | null): string => ms === null ? '–' : ms < 1000 ? `${ms} ms` : seconds(ms)
  const rows = results.map(({ promise, what, count, p50, p99, max, isKept }) =>
    [`${promise}  ${what}`, String(count), time(p50), time(p99), time(max), isKept ? 'kept' : 'BROKEN'])
  return formatTable([['sessions and presence', 'times', 'p50', 'p99', 'max', 'verdict'], ...rows])
}

export function formatCounts ({ counts, ackMs, deliveryMs }: Report): string {
  const { asked, acked, refused, repeated, overtaken, delivered, reconnects, syncs, clients, rooms, events } = counts
  const latency = ({ p50, p99, max }: Report['ackMs']): string => `p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`
  return formatTable([
    ['clients / rooms / events in the log', `${clients} / ${rooms} / ${events}`],
    ['asked / acked / refused / repeated / overtaken', `${asked} / ${acked} / ${refused} / ${repeated} / ${overtaken}`],
    ['delivered / reconnects / syncs', `${delivered} / ${reconnects} / ${syncs}`],
    ['ack', latency(ackMs)],
    ['delivery', latency(deliveryMs)]
  ])
}
