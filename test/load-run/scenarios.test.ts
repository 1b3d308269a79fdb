import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { load, plan } from '../../load/run/load.ts'
import { readOptions } from '../../load/run/options.ts'
import type { LoadReport, ScenarioResult } from '../../load/run/report/report.ts'
import { noFaults } from '../../load/run/check/faults.ts'
import { scenarios } from '../../load/run/scenarios/index.ts'
import { startTestCluster } from '../helpers/cluster.ts'
import { startNode } from '../helpers/node.ts'
import { person } from '../helpers/person.ts'
import { t } from '../suite.ts'

const { cluster, front } = await startTestCluster(t)
const nodeUrls = cluster.nodes.map(({ url }) => url).join(',')
const main = fileURLToPath(new URL('../../load/run/main.js', import.meta.url))

async function run (args: string[], urls = nodeUrls): Promise<LoadReport> {
  const options = readOptions(['--url', urls, '--ramp', '0', '--people', '9', '--rate', '40', '--seed', '1', ...args])
  if (options === 'help') throw new Error('Nobody asked for help.')
  return await load(options, plan(options), { say: () => {}, show: () => {} }, new AbortController().signal)
}

/** Runs the command, and resolves with what it has printed. */
async function command (args: string[]): Promise<{ code: number | null, said: string, complained: string }> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [said, complained, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit') as Promise<[number | null]>])
  return { code, said, complained }
}

for (const [index, { name }] of scenarios.entries()) {
  t.test(`${name}: everybody hears everything once and in order, and nothing fails`, async (t) => {
    const seconds = /storm|churn/.test(name) ? '2' : '1'
    const { isKept, scenarios: [result] } = await run(['--scenario', name, '--seconds', seconds, '--workers', String(2 - index % 2)])
    if (!result) throw new Error('There is no result.')
    const { counts, faults, failed, plan: { roomSize }, servers } = result
    t.same(faults, noFaults())
    t.same(failed, {})
    t.equal(isKept, true)
    t.ok(counts.sent >= 40)
    t.equal(counts.acked, counts.sent)
    t.equal(counts.delivered + counts.caughtUp, counts.sent * roomSize, 'for each message, everybody in its room')
    t.same(servers.map((server) => server.name).sort(), ['n1', 'n2', 'n3'])
    checkOwn(t, name, result)
  })
}

/** What the scenario is there for has happened. */
function checkOwn (t: Test, name: string, { counts, latencies, nodes, plan: { people, rooms } }: ScenarioResult): void {
  t.same(Object.keys(nodes).sort(), ['n1', 'n2', 'n3'], 'people are on all nodes')
  if (name === 'big-room') t.equal(rooms, 1)
  if (name === 'reconnect-storm' || name === 'login-storm') t.equal(counts.connects, people * 3)
  if (name === 'login-storm') t.equal(latencies.signIn?.count, people * 3)
  if (name === 'presence-churn') t.ok((latencies.presence?.count ?? 0) > 0)
}

t.test('rooms are made for the run, and nothing of it is left but the people', async (t) => {
  const alice = await person(front, 'alice')
  const { body } = await alice.get('/rooms/directory?limit=100')
  t.same(body.rooms, [])
})

t.test('a server with its standard limits is waited for, and loses nothing by it', async (t) => {
  const node = await startNode(t, { LIMITS: 'standard' })
  // The host and one person: more than ten accounts a minute would be waited for as well, and longer.
  const { isKept, scenarios: [result] } = await run(['--people', '1', '--rooms', '1', '--rate', '600', '--seconds', '1'], node.url)
  t.equal(isKept, true)
  t.match(result, { counts: { sent: 600, acked: 600, delivered: 600 }, failed: {} })
  t.ok((result?.limited.messages ?? 0) > 0)
  t.match(result?.notes, [/^The server limits messages: /])
})

t.test('a run that is stopped early tells what it has measured', async (t) => {
  const stopping = new AbortController()
  const options = readOptions(['--url', nodeUrls, '--ramp', '0', '--people', '4', '--rooms', '1', '--seconds', '600'])
  if (options === 'help') throw new Error('Nobody asked for help.')
  let shown = ''
  const show = (line: string): void => {
    shown = line
    if (/[1-9]\d*\/600 s/.test(shown)) stopping.abort(new Error('stopped'))
  }
  const report = await load(options, plan(options), { say: () => {}, show }, stopping.signal)
  t.match(report, { isKept: true, wasStopped: true, scenarios: [{ wasStopped: true, faults: noFaults(), failed: {} }] })
  t.ok((report.scenarios[0]?.counts.acked ?? 0) > 0)
})

t.test('the command writes its report, and ends with a code', async (t) => {
  const folder = t.testdir({})
  const [json, html] = [join(folder, 'report.json'), join(folder, 'report.html')]
  const { code, said } = await command(['--url', front.url, '--people', '4', '--rooms', '1', '--seconds', '1', '--ramp', '0', '--json', json, '--html', html])
  t.equal(code, 0, said)
  t.match(said, /KEPT: every message came once/)
  t.match(said, /! CPU and memory of .* are not known/, 'the nodes behind a balancer cannot be told apart')
  t.match(JSON.parse(readFileSync(json, 'utf8')), { isKept: true, target: front.url, scenarios: [{ plan: { scenario: 'steady', people: 4 } }] })
  t.match(readFileSync(html, 'utf8'), /<svg /)
})

t.test('what cannot be done is said in one sentence', async (t) => {
  t.match(await command(['--people', 'many']), { code: 2, complained: /^--people must be a number from 1 to 100000, not "many"\.\n$/ })
  t.match(await command(['--people', '2', '--room-size', '3']), { code: 2, complained: /^--room-size 3 is more[^\n]*\n$/ })
  t.match(await command(['--url', 'http://127.0.0.1:1']), { code: 1, complained: /^http:\/\/127\.0\.0\.1:1\/readyz is not ready: [^\n]*\n$/ })
  t.match(await command(['--help']), { code: 0, said: /Scenarios:\n {2}steady/ })
})
