import type { WriteStream } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../../cluster/start.ts'
import { Bystanders } from './bystanders.ts'
import { checkHistory, type Violation } from './check/index.ts'
import { Intern } from './clients/intern.ts'
import type { Conditions } from './conditions.ts'
import { gather, type Crowd } from './crowd.ts'
import type { Deaths } from './deaths.ts'
import { faults } from './faults/index.ts'
import type { CommandRecord, History } from './history.ts'
import type { LinkSet } from './links/node-links.ts'
import type { Connects } from './measures.ts'
import type { Options } from './options.ts'
import { checkPresence } from './presence/check.ts'
import { Random } from './random.ts'
import { Reach } from './reach.ts'
import { makeReport } from './report/make.ts'
import { toPromises } from './report/promises.ts'
import type { Report } from './report/report.ts'
import { addContext } from './report/violations.ts'
import { breakThings, stamp } from './schedule.ts'
import { checkSessions } from './sessions/check.ts'
import { findSocketEnds } from './sessions/socket-ends.ts'
import { settle } from './settle.ts'
import { Workload } from './workload.ts'

const startMs = 30_000
const settleMs = 60_000
const warmUpMs = 2000

interface Run {
  options: Options
  cluster: Cluster
  links: LinkSet
  deaths: Deaths
  logFile: WriteStream
  print: (line: string) => void
}

/** What happens on a cluster that is up. */
export async function run ({ options, cluster, links, deaths, logFile, print }: Run): Promise<Report> {
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
  const bystanders = await Bystanders.gather({ cluster, crowd, random: chance('bystanders') })
  const conditions: Conditions = { nodes: cluster.nodes.map(({ name }) => name), disturbances: [], silences: [] }
  const reaches = conditions.nodes.map((name) => new Reach(name, links.of(name).redis.urlFor(cluster.redis.url), conditions.silences))
  print(`${stamp(Date.now() - startedAt)}  ${options.people} people on ${crowd.clients.length} devices, in ${options.rooms} rooms, on ${options.nodes} nodes`)

  workload.start()
  bystanders.start()
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
    conditions,
    onSignedOut: (from, until) => { bystanders.signedOut(from, until) },
    print
  })
  workload.stop()
  await bystanders.stop()
  print(`${stamp(Date.now() - startedAt)}  everybody falls silent; waiting until all have all`)
  const { truth, late } = await settle(crowd, workload, cluster.postgres.url, settleMs)
  const { sessions, presence } = await bystanders.settle()
  clearInterval(ticker)
  for (const each of [bystanders, ...crowd.clients, ...reaches]) each.close()
  print(`${stamp(Date.now() - startedAt)}  checking ${commands.length} commands and what ${crowd.clients.length} clients saw of ${truth.size} rooms`)

  const history: History = { clients: crowd.clients.map((client) => client.history), commands }
  const unhealed = results.filter(({ isKept }) => !isKept).map(({ name, detail, atMs }): Violation => ({
    kind: 'notHealed', sentence: `${name} (${detail}), ${stamp(atMs).trim()} into the run, was not healed in time.`
  }))
  const ends = findSocketEnds(sessions.sessions, conditions, presence.endedAt)
  const found = [
    ...unhealed, ...deaths.violations, ...late,
    ...checkHistory(history, truth), ...checkSessions(sessions, ends), ...checkPresence(presence, conditions)
  ]
  const violations = addContext(found, history, truth, results, startedAt)
  const promises = toPromises({ sessions, ends, presence, conditions, violations })
  return makeReport({ options, startedAt, crowd, history, connects, results, truth, promises, violations })
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
