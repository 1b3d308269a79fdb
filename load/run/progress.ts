import type { Totals } from './totals.ts'

/** Where a run stands, a line at a time. */
export interface Progress {
  /** What will not be said again. */
  say: (line: string) => void
  /** What stands until the next one. */
  show: (line: string) => void
}

interface Output {
  isTTY?: boolean
  write: (text: string) => unknown
}

const quietMs = 5000

/** One line that is written over and over on a terminal; elsewhere a line every few seconds. */
export function createProgress (output: Output, clock: () => number = Date.now): Progress {
  const isTerminal = output.isTTY === true
  let shownAt = -Infinity
  let hasLine = false
  return {
    say (line) {
      output.write(`${hasLine ? '\r\x1b[2K' : ''}${line}\n`)
      hasLine = false
    },
    show (line) {
      if (isTerminal) {
        hasLine = true
        output.write(`\r\x1b[2K${line}`)
      } else if (clock() - shownAt >= quietMs) {
        shownAt = clock()
        output.write(`${line}\n`)
      }
    }
  }
}

/** The last whole second of a run, and what has gone wrong since its beginning. */
export function describeRun (totals: Totals, seconds: number): string {
  const last = Math.max(-1, ...totals.seconds.keys())
  const moment = totals.seconds.get(last)
  if (!moment) return `${totals.connected} connected`
  const { lost, doubled, outOfOrder, mismatched } = totals.faults
  const p99 = (name: 'ack' | 'delivery'): string => {
    const histogram = moment.measures.get(name)
    return histogram ? `${(histogram.percentile(0.99) / 1000).toFixed(1)} ms` : '–'
  }
  const cpu = moment.servers.reduce((sum, server) => sum + server.cpu, 0)
  return [
    `${Math.min(last + 1, seconds)}/${seconds} s`,
    `${moment.connected} connected`,
    `${moment.counts.sent} msgs/s`,
    `${moment.counts.delivered} deliveries/s`,
    `p99 ack ${p99('ack')}, delivery ${p99('delivery')}`,
    `errors ${totals.failedCount}, wrong ${lost + doubled + outOfOrder + mismatched}`,
    ...(moment.servers.length > 0 ? [`server CPU ${(cpu * 100).toFixed(0)} %`] : [])
  ].join('  ')
}

/** What the server has asked to wait for, once for each. */
export function describeLimits (totals: Totals, known: Set<string>): string[] {
  return Object.keys(totals.limited).filter((what) => !known.has(what)).map((what) => {
    known.add(what)
    return `the server limits ${what}, and is waited for; for load tests start it with LIMITS=relaxed`
  })
}
