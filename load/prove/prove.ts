import { chmodSync, createWriteStream, mkdtempSync, rmSync, type WriteStream } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startCluster, type Cluster } from '../../cluster/start.ts'
import { checkHistory, type Violation } from './check/index.ts'
import { Intern } from './clients/intern.ts'
import { gather, type Crowd } from './crowd.ts'
import { Deaths } from './deaths.ts'
import { faults } from './faults/index.ts'
import type { CommandRecord, History } from './history.ts'
import { LinkSet } from './links/node-links.ts'
import type { Connects } from './measures.ts'
import type { Options } from './options.ts'
import { Random } from './random.ts'
import { makeReport } from './report/make.ts'
import type { Report } from './report/report.ts'
import { addContext } from './report/violations.ts'
import { breakThings, stamp } from './schedule.ts'
import { settle } from './settle.ts'
import { Workload } from './workload.ts'

const startMs = 30_000
const settleMs = 60_000
const warmUpMs = 2000

/** One run: a cluster of its own, people on it, faults, and the verdict. */
export async function prove (options: Options, print: (line: string) => void, signal: AbortSignal): Promise<Report> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-prove-'))
  chmodSync(dataDir, 0o755) // Postgres may run as another user.
  const logFile = createWriteStream(join(dataDir, 'cluster.log'))
  const deaths = new Deaths()
  const links = new LinkSet()
  const log = (line: string): void => {
    logFile.write(`${new Date().toISOString()} ${line}\n`)
    deaths.read(line)
  }
  let report: Report | undefined
  let cluster: Cluster | undefined
  try {
    cluster = await startCluster({
      dataDir, port: 0, nodes: options.nodes, drainSeconds: 1, limits: 'relaxed', nodeEnv: links.nodeEnv, log, signal
    })
    print(`cluster  ${cluster.url}, its log in ${logFile.path.toString()}`)
    report = await run({ options, cluster, links, deaths, logFile, print })
    if (!report.isKept) report.dataDir = dataDir
    return report
  } finally {
    deaths.isOver = true
    await cluster?.stop()
    links.close()
    logFile.end()
    if (report?.isKept !== false) rmSync(dataDir, { recursive: true, force: true })
  }
}

interface Run {
  options: Options
  cluster: Cluster
  links: LinkSet
  deaths: Deaths
  logFile: WriteStream
  print: (line: string) => void
}

async function run ({ options, cluster, links, deaths, logFile, print }: Run): Promise<Report> {
  const startedAt = Date.now()
  const commands: CommandRecord[] = []
  const onAsk = (command: CommandRecord): void => { commands.push(command) }
  const chance = (what: string): Random => new Random(`${options.seed} ${what}`)
  const crowd = await gather({
    url: cluster.url,
    random: chance('crowd'),
    intern: new Intern(),
    peopleCount: options.people,
    roomCount: options.rooms,
    onEvent (event) { workload.saw(event) },
    onError (error) { logFile.write(`sdk: ${String(error)}\n`) }
  })
  const workload: Workload = new Workload({ crowd, random: chance('workload'), perSecond: options.rate, onAsk })
  const connects: Connects = []
  const ticker = setInterval(() => { connects.push({ at: Date.now(), total: countConnections(crowd) }) }, 250)
  await bringOnLine(crowd)
  print(`${stamp(Date.now() - startedAt)}  ${options.people} people on ${crowd.clients.length} devices, in ${options.rooms} rooms, on ${options.nodes} nodes`)

  workload.start()
  await sleep(warmUpMs)
  const durationMs = options.minutes * 60_000
  const results = await breakThings({
    world: {
      cluster,
      links,
      random: chance('faults'),
      busyNodes: () => new Set(crowd.clients.flatMap(({ isConnected, node }) => isConnected && node !== undefined ? node : [])),
      longestMs: Math.min(30_000, Math.max(4000, durationMs / 12)),
      expectEnd: (name) => { deaths.expect(name) }
    },
    faults: faults.filter(({ name }) => options.faults.includes(name)),
    startedAt,
    endsAt: Date.now() + durationMs,
    probe: { crowd, onAsk },
    print
  })
  workload.stop()
  print(`${stamp(Date.now() - startedAt)}  everybody falls silent; waiting until all have all`)
  const { truth, late } = await settle(crowd, workload, cluster.postgres.url, settleMs)
  clearInterval(ticker)
  for (const client of crowd.clients) client.close()
  print(`${stamp(Date.now() - startedAt)}  checking ${commands.length} commands and what ${crowd.clients.length} clients saw of ${truth.size} rooms`)

  const history: History = { clients: crowd.clients.map((client) => client.history), commands }
  const unhealed = results.filter(({ isKept }) => !isKept).map(({ name, detail, atMs }): Violation => ({
    kind: 'notHealed', sentence: `${name} (${detail}), ${stamp(atMs).trim()} into the run, was not healed in time.`
  }))
  const found = [...unhealed, ...deaths.violations, ...late, ...checkHistory(history, truth)]
  const violations = addContext(found, history, truth, results, startedAt)
  return makeReport({ options, startedAt, crowd, history, connects, results, truth, violations })
}

function countConnections ({ clients }: Crowd): number {
  return clients.reduce((sum, { connectionCount }) => sum + connectionCount, 0)
}

async function bringOnLine ({ clients }: Crowd): Promise<void> {
  for (const client of clients) client.start()
  const deadline = Date.now() + startMs
  while (!clients.every(({ isCurrent }) => isCurrent)) {
    if (Date.now() > deadline) throw new Error(`Not everybody was on line within ${startMs / 1000} s of the start.`)
    await sleep(100)
  }
}
