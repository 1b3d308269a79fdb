import type { Moment } from '../measures.ts'
import { escape } from './escape.ts'
import type { FaultResult, Report } from './report.ts'

const width = 1060
const left = 46
const laneHeight = 15

interface Scale {
  x: (second: number) => number
  seconds: number
}

/** Faults above; below them delivery latency (logarithmic), what was delivered, and who connected, by the second. */
export function drawTimeline ({ faults, timeline, durationMs }: Report): string {
  const seconds = Math.max(timeline.length, durationMs / 1000, 1)
  const scale: Scale = { seconds, x: (second) => left + second / seconds * (width - left - 8) }
  const names = [...new Set(faults.map(({ name }) => name))]
  const top = names.length * laneHeight + 12
  const height = top + 330
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Timeline of faults, latency, deliveries and connections">
${faults.map((fault) => drawFault(fault, names.indexOf(fault.name), top, height, scale)).join('\n')}
${names.map((name, row) => `<text x="${left}" y="${row * laneHeight + 11}">${escape(name)}</text>`).join('\n')}
${drawLatency(timeline, top, scale)}
${drawBars('delivered / s', timeline.map(({ delivered }) => delivered), top + 190, scale)}
${drawBars('connects / s', timeline.map(({ connects }) => connects), top + 260, scale)}
${drawSeconds(height, scale)}
</svg>`
}

function drawFault ({ name, detail, atMs, liftedAtMs, healedMs, isKept }: FaultResult, row: number, top: number, bottom: number, { x }: Scale): string {
  const [begin, lifted, end] = [x(atMs / 1000), x(liftedAtMs / 1000), x((liftedAtMs + (healedMs ?? 0)) / 1000)]
  const title = `<title>${escape(`${name} (${detail}) at ${(atMs / 1000).toFixed(1)} s, healed ${healedMs === null ? 'never' : `after ${(healedMs / 1000).toFixed(2)} s`}`)}</title>`
  const bar = (kind: string, from: number, to: number, y: number, size: number): string =>
    `<rect class="${kind}" x="${from.toFixed(1)}" y="${y}" width="${Math.max(2, to - from).toFixed(1)}" height="${size}">${title}</rect>`
  const kind = isKept ? 'fault' : 'never'
  return bar(kind, begin, lifted, row * laneHeight, laneHeight - 3) + bar('heal', lifted, end, row * laneHeight, laneHeight - 3) +
    bar(kind, begin, Math.max(lifted, end), top, bottom - top - 20)
}

/** From 1 ms at the bottom to 100 s at the top. */
function drawLatency (timeline: Moment[], top: number, { x }: Scale): string {
  const y = (ms: number): number => top + 170 - 34 * Math.log10(Math.max(1, ms))
  const line = (kind: 'p50' | 'p99'): string => {
    const points = timeline.flatMap((moment) => moment[kind] === null ? [] : [`${x(moment.second + 0.5).toFixed(1)},${y(moment[kind]).toFixed(1)}`])
    return `<polyline class="${kind}" points="${points.join(' ')}"><title>delivery ${kind}</title></polyline>`
  }
  const grid = [[1, '1 ms'], [10, '10 ms'], [100, '100 ms'], [1000, '1 s'], [10_000, '10 s']] as const
  return grid.map(([ms, label]) =>
    `<line class="grid" x1="${left}" x2="${width - 8}" y1="${y(ms)}" y2="${y(ms)}"/><text x="0" y="${y(ms) + 4}">${label}</text>`).join('\n') +
    line('p99') + line('p50')
}

function drawBars (label: string, values: number[], top: number, { x, seconds }: Scale): string {
  const most = Math.max(1, ...values)
  const wide = Math.max(1, (width - left - 8) / seconds - 1).toFixed(1)
  const bars = values.map((value, second) => {
    const size = value / most * 48
    return `<rect class="bar" x="${x(second).toFixed(1)}" y="${(top + 55 - size).toFixed(1)}" width="${wide}" height="${size.toFixed(1)}"><title>${value} at ${second} s</title></rect>`
  })
  return `<text x="${left}" y="${top + 2}">${label}, up to ${most}</text>${bars.join('')}`
}

function drawSeconds (height: number, { x, seconds }: Scale): string {
  const step = [5, 10, 20, 30, 60, 300, 600].find((each) => seconds / each <= 20) ?? 3600
  const marks = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step)
  return marks.map((second) => `<text x="${x(second)}" y="${height - 4}">${second} s</text>`).join('')
}
