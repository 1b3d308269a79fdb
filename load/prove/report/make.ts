import type { Violation } from '../check/index.ts'
import { countOvertaken } from '../check/order.ts'
import type { Crowd } from '../crowd.ts'
import type { History } from '../history.ts'
import { findDeliveries, summarize, toTimeline, type Connects } from '../measures.ts'
import type { Options } from '../options.ts'
import type { Truth } from '../truth.ts'
import type { PromiseResult } from './promises.ts'
import type { FaultResult, Report } from './report.ts'

interface Parts {
  options: Options
  startedAt: number
  crowd: Crowd
  history: History
  connects: Connects
  results: FaultResult[]
  truth: Truth
  promises: PromiseResult[]
  violations: Violation[]
}

export function makeReport ({ options, startedAt, crowd, history, connects, results, truth, promises, violations }: Parts): Report {
  const { clients } = crowd
  const { commands } = history
  const deliveries = findDeliveries(history, truth)
  const outcomes = commands.map(({ attempts }) => attempts.find(({ outcome }) => outcome?.ok) ?? attempts.at(-1))
  const ackMs = commands.flatMap(({ attempts: [first] }, index) => {
    const ack = outcomes[index]?.outcome
    return first && ack?.ok ? ack.at - first.at : []
  })
  const sum = (count: (client: Crowd['clients'][number]) => number): number => clients.reduce((total, client) => total + count(client), 0)
  return {
    isKept: violations.length === 0,
    seed: options.seed,
    options,
    startedAt: new Date(startedAt).toISOString(),
    durationMs: Date.now() - startedAt,
    counts: {
      asked: commands.length,
      acked: outcomes.filter((attempt) => attempt?.outcome?.ok === true).length,
      refused: outcomes.filter((attempt) => attempt?.outcome?.ok === false).length,
      repeated: commands.reduce((total, { attempts }) => total + Math.max(0, attempts.length - 1), 0),
      overtaken: countOvertaken(commands),
      delivered: deliveries.length,
      reconnects: sum(({ connectionCount }) => connectionCount - 1),
      syncs: sum(({ syncCount }) => syncCount),
      clients: clients.length,
      rooms: truth.size,
      events: [...truth.values()].reduce((total, { lastSeq }) => total + lastSeq, 0)
    },
    ackMs: summarize(ackMs),
    deliveryMs: summarize(deliveries.map(({ latencyMs }) => latencyMs)),
    faults: results,
    promises,
    violations,
    timeline: toTimeline({ commands, deliveries, connects, startedAt })
  }
}
