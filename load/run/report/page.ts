import { escape } from '../../prove/report/escape.ts'
import { drawChart, type Series } from './chart.ts'
import type { Latency, LoadReport, Moment, ScenarioResult } from './report.ts'
import { describePlan, formatCounts, formatLatencies, formatServers, formatTester } from './table.ts'

const style = `
  :root { color-scheme: light dark; --ink: #1d2433; --soft: #687086; --line: #e3e6ee; --paper: #fbfbfd; --good: #1a7f4b; --bad: #c62f2f }
  @media (prefers-color-scheme: dark) { :root { --ink: #e8eaf0; --soft: #9aa3b5; --line: #2a303d; --paper: #14171e; --good: #4cc38a; --bad: #ff6369 } }
  body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1100px; margin: 2rem auto; padding: 0 1rem }
  h1 { font-size: 1.5rem; margin-bottom: 0 } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem } p { color: var(--soft); margin: .3rem 0 }
  .kept { color: var(--good) } .broken { color: var(--bad) } .note { border-left: 3px solid var(--bad); padding-left: .7rem; color: var(--ink) }
  pre { overflow-x: auto; padding: 1rem; border: 1px solid var(--line); border-radius: 8px; font-size: 13px }
  figure { margin: 1.2rem 0 } figcaption { font-size: 13px; color: var(--soft) } figcaption span { margin-left: .8rem; font-weight: 600 }
  svg { width: 100%; height: auto } svg text { fill: var(--soft); font-size: 11px } .grid { stroke: var(--line) } polyline { fill: none; stroke-width: 1.5 }
  ${['#3e63dd', '#e5484d', '#2f9e5e', '#d9840b', '#8e4ec6', '#12a5b8', '#a18072', '#d6409f'].map((colour, index) =>
    `polyline.s${index} { stroke: ${colour} } circle.s${index} { fill: ${colour} } span.s${index} { color: ${colour} }`).join('\n  ')}`

/** A page that needs nothing beside itself. */
export function toPage (report: LoadReport): string {
  const { isKept, failure, target, seed, startedAt, scenarios } = report
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Parley under load: ${escape(scenarios.map(({ plan }) => plan.scenario).join(', '))}</title><style>${style}</style>
<h1 class="${isKept ? 'kept' : 'broken'}">${isKept ? 'Every message came once and in order' : 'Something was lost, or failed'}</h1>
<p>${escape(target)} · seed ${escape(seed)} · ${escape(startedAt)}</p>
${failure === undefined ? '' : `<p class="note">${escape(failure)}</p>`}
${scenarios.map(toSection).join('\n')}
</html>
`
}

function toSection (result: ScenarioResult): string {
  const tables = [formatCounts(result), formatLatencies(result), formatServers(result), formatTester(result)].filter((table) => table !== '')
  return `<section><h2 class="${result.isKept ? '' : 'broken'}">${escape(result.plan.scenario)}</h2><p>${escape(describePlan(result))}</p>
${result.notes.map((note) => `<p class="note">${escape(note)}</p>`).join('\n')}
<pre>${escape(tables.join('\n\n'))}</pre>
${drawCharts(result.timeline)}
</section>`
}

function drawCharts (timeline: Moment[]): string {
  const moments = fill(timeline)
  const of = (label: string, value: (moment: Moment) => number | null): Series => ({ label, values: moments.map((moment) => moment ? value(moment) : null) })
  const latency = (name: 'ack' | 'delivery', part: keyof Latency): Series => of(`${name} ${part}`, (moment) => moment[name]?.[part] ?? null)
  const names = [...new Set(timeline.flatMap(({ servers }) => servers.map(({ name }) => name)))]
  const server = (name: string, value: (sample: Moment['servers'][number]) => number | null): Series =>
    of(name, ({ servers }) => { const sample = servers.find((each) => each.name === name); return sample ? value(sample) : null })
  const memory = names.map((name) => server(name, ({ memoryBytes }) => memoryBytes === null ? null : memoryBytes / 1e6))
  return [
    drawChart({ title: 'Messages', unit: 'a second', series: [of('sent', ({ sent }) => sent), of('acked', ({ acked }) => acked)] }),
    drawChart({ title: 'Deliveries', unit: 'a second', series: [of('live', ({ delivered }) => delivered), of('by sync', ({ caughtUp }) => caughtUp)] }),
    drawChart({ title: 'Delivery', unit: 'ms', isLogarithmic: true, series: (['p50', 'p95', 'p99', 'max'] as const).map((part) => latency('delivery', part)) }),
    drawChart({ title: 'Ack', unit: 'ms', isLogarithmic: true, series: (['p50', 'p95', 'p99', 'max'] as const).map((part) => latency('ack', part)) }),
    drawChart({ title: 'Connections and errors', unit: 'count', series: [of('connected', ({ connected }) => connected), of('errors', ({ failed }) => failed)] }),
    ...(names.length > 0 ? [drawChart({ title: 'CPU', unit: '% of one core', series: names.map((name) => server(name, ({ cpu }) => cpu * 100)) })] : []),
    ...(memory.some(({ values }) => values.some((value) => value !== null))
      ? [drawChart({ title: 'Memory', unit: 'MB', series: memory.filter(({ values }) => values.some((value) => value !== null)) })]
      : [])
  ].join('\n')
}

/** One for each second, also for those in which nothing happened. */
function fill (timeline: Moment[]): Array<Moment | undefined> {
  const bySecond = new Map(timeline.map((moment) => [moment.second, moment]))
  return Array.from({ length: Math.max(0, ...bySecond.keys()) + 1 }, (_, second) => bySecond.get(second))
}
