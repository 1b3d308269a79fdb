import type { ScenarioResult } from './report.ts'

const fullShare = 0.9

/** What whoever reads the figures must know, in sentences. */
export function takeNotes (result: Omit<ScenarioResult, 'notes'>, watched: string[]): string[] {
  const { nodes, limited, tester, plan, wasStopped, seconds } = result
  const unseen = Object.keys(nodes).filter((node) => !watched.includes(node)).sort()
  const limits = Object.keys(limited)
  return [
    ...(wasStopped ? [`It was stopped after ${seconds} of ${plan.seconds} s.`] : []),
    ...(unseen.length > 0 ? [`CPU and memory of ${list(unseen)} are not known: name the nodes themselves, with --metrics URL.`] : []),
    ...(limits.length > 0 ? [`The server limits ${list(limits)}: for load tests start it with LIMITS=relaxed.`] : []),
    ...busyNotes(tester)
  ]
}

function busyNotes ({ isBusy, workers, machine }: ScenarioResult['tester']): string[] {
  const most = Math.max(...workers.map(({ utilization, cpu }) => Math.max(utilization, cpu)))
  const delay = Math.max(...workers.map(({ delayP99Ms }) => delayP99Ms))
  return [
    ...(isBusy ? [`The tester was busy (${percent(most)} of its event loop, timers up to ${delay.toFixed(0)} ms late at p99): these latencies are its own in part. Give it more --workers, or a machine of its own.`] : []),
    ...(machine !== null && machine > fullShare ? [`This machine's cores were ${percent(machine)} busy: who shares it waited for them.`] : [])
  ]
}

function percent (share: number): string {
  return `${(share * 100).toFixed(0)} %`
}

function list (names: string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
