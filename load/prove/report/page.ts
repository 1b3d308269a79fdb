import { violationKinds } from '../check/index.ts'
import { escape } from './escape.ts'
import { drawTimeline } from './timeline.ts'
import type { Report } from './report.ts'
import { formatCounts, formatFaults, formatPromises } from './table.ts'
import { formatViolations } from './violations.ts'

const style = `
  :root { color-scheme: light dark; --ink: #1d2433; --soft: #687086; --line: #d9dde6; --paper: #fbfbfd; --good: #1a7f4b; --bad: #c62f2f; --fault: #e5484d; --heal: #f2b04a; --mark: #3e63dd }
  @media (prefers-color-scheme: dark) { :root { --ink: #e8eaf0; --soft: #9aa3b5; --line: #333a49; --paper: #14171e; --good: #4cc38a; --bad: #ff6369; --mark: #849dff } }
  body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1100px; margin: 2rem auto; padding: 0 1rem }
  h1 { font-size: 1.5rem; margin-bottom: 0 } h2 { font-size: 1.1rem; margin-top: 2rem }
  .kept { color: var(--good) } .broken { color: var(--bad) } p { color: var(--soft) }
  pre { overflow-x: auto; padding: 1rem; border: 1px solid var(--line); border-radius: 8px; font-size: 13px }
  svg { width: 100%; height: auto } svg text { fill: var(--soft); font-size: 11px } .grid { stroke: var(--line) }
  .fault { fill: var(--fault); opacity: .28 } .heal { fill: var(--heal); opacity: .3 } .never { fill: var(--bad); opacity: .6 }
  .p50 { stroke: var(--mark); fill: none; stroke-width: 1.5 } .p99 { stroke: var(--bad); fill: none; opacity: .7 } .bar { fill: var(--mark); opacity: .5 }`

/** A page that needs nothing beside itself. */
export function toPage (report: Report): string {
  const { isKept, seed, options, startedAt, durationMs, faults, promises, violations } = report
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Parley, proved: seed ${escape(seed)}</title><style>${style}</style>
<h1 class="${isKept ? 'kept' : 'broken'}">${isKept ? 'Every promise was kept' : `${violations.length} violations`}</h1>
<p>Seed ${escape(seed)} · ${escape(startedAt)} · ${Math.round(durationMs / 1000)} s · ${options.nodes} nodes · ${options.people} people in ${options.rooms} rooms · ${faults.length} faults</p>
<h2>Timeline</h2>${drawTimeline(report)}
<h2>Faults</h2><pre>${escape(formatFaults(faults))}</pre>
<h2>Sessions and presence</h2><pre>${escape(formatPromises(promises))}</pre>
<h2>What happened</h2><pre>${escape(formatCounts(report))}</pre>
<h2>Checked</h2><p>${Object.entries(violationKinds).map(([kind, promise]) => `${kind} (${promise})`).join(' · ')}</p>
${isKept ? '' : `<h2>Violations</h2><pre>${escape(formatViolations(violations))}</pre>`}
</html>
`
}
