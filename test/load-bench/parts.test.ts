import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bench } from '../../load/bench/bench.ts'
import { readOptions, type Options } from '../../load/bench/options.ts'
import type { Report } from '../../load/bench/report.ts'
import { partNames, type PartName, type Sample } from '../../load/bench/sample.ts'
import { tiny } from '../../load/bench/sizes.ts'
import { createStores } from '../helpers/stores.ts'
import { t } from '../suite.ts'

const elsewhere = process.platform === 'linux' ? false : 'CPU times are read from /proc'

/** One run of everything with minute sizes, on the stores of the tests: what it found, not how quick it was. */
async function run (): Promise<{ samples: Sample[], page: string }> {
  const { databaseUrl, redisUrl, redisPrefix } = await createStores(t)
  const folder = t.testdir({})
  const [docs, json] = [join(folder, 'performance.md'), join(folder, 'bench.json')]
  const options = readOptions(['--json', json]) as Options
  const said: string[] = []
  try {
    await bench({
      ...options, sizes: tiny, docs, stores: { databaseUrl, redisUrl, redisPrefix }, say: (line) => { said.push(line) }, signal: new AbortController().signal
    })
  } catch (error) {
    throw new Error(`After this:\n${said.join('\n')}`, { cause: error })
  }
  const { samples } = JSON.parse(readFileSync(json, 'utf8')) as Report
  return { samples, page: readFileSync(docs, 'utf8') }
}

const { samples, page } = process.platform === 'linux' ? await run() : { samples: [], page: '' }

function samplesOf (part: PartName): Sample[] {
  return samples.filter((sample) => sample.part === part)
}

function valuesOf (samples: Sample[], window: string, value: string): Record<string, number> {
  return Object.fromEntries(samples.filter((sample) => sample.window === window).map(({ candidate, values }) => [candidate, values[value] ?? NaN]))
}

t.test('nothing was lost, doubled, refused or out of order, and every part has its table', { skip: elsewhere }, async (t) => {
  t.same(samples.flatMap(({ faults }) => faults), [])
  for (const part of partNames) t.match(page, `## ${part}`)
})

t.test('fan-out: each candidate tells everybody everything, and what it took is there', { skip: elsewhere }, async (t) => {
  const samples = samplesOf('fan-out')
  t.same([...new Set(samples.map(({ candidate }) => candidate))].sort(), ['bare', 'batched', 'parley'])
  for (const window of ['saturation', 'slow', 'half']) {
    t.equal(samples.filter((sample) => sample.window === window).length, 3)
    for (const rate of Object.values(valuesOf(samples, window, 'deliveriesPerSecond'))) t.ok(rate > 0, window)
  }
  t.equal(valuesOf(samples, 'slow', 'frames').bare, 9 / 8, 'a frame for each of eight deliveries, and one for the ack')
})

t.test('sends: every ack is followed by two deliveries', { skip: elsewhere }, async (t) => {
  const samples = samplesOf('sends')
  for (const window of ['saturation', 'half']) {
    const [acks, deliveries] = [valuesOf(samples, window, 'acksPerSecond'), valuesOf(samples, window, 'deliveriesPerSecond')]
    t.same(Object.keys(acks).sort(), ['bare', 'batched', 'parley'])
    for (const [candidate, perSecond] of Object.entries(acks)) t.equal(deliveries[candidate], 2 * perSecond)
  }
  t.ok((valuesOf(samples, 'round trips', 'commits').parley ?? 0) > 0)
})

t.test('connects: everybody gets in, and the stores are asked by those who have them', { skip: elsewhere }, async (t) => {
  const samples = samplesOf('connects')
  for (const window of ['no rooms', 'five rooms', 'burst']) t.same(valuesOf(samples, window, 'failed'), { bare: 0, parley: 0 })
  t.ok((valuesOf(samples, 'round trips', 'commits').parley ?? 0) > 0)
})

t.test('memory: there is a slope, and what being there costs', { skip: elsewhere }, async (t) => {
  const samples = samplesOf('memory')
  t.same(samples.map(({ window, candidate }) => `${window} ${candidate}`), ['memory bare', 'idle bare', 'memory parley', 'idle parley'])
  for (const used of Object.values(valuesOf(samples, 'memory', 'usedBytes'))) t.ok(Number.isFinite(used))
})

t.test('nodes: each node hears of its own rooms', { skip: elsewhere }, async (t) => {
  const samples = samplesOf('nodes')
  t.same(samples.map(({ nodes }) => nodes), [2, 4])
  for (const { values } of samples) {
    t.ok((values.heardOwn ?? 0) > 0)
    t.equal(values.heardForeign, 0)
  }
})

t.test('presence: in the end everybody knows of everybody who is there', { skip: elsewhere }, async (t) => {
  const samples = samplesOf('presence')
  t.match(samples, [{ window: 'arrivals', candidate: 'parley', nodes: 1 }])
})

t.test('references: what a frame and a row need at least', { skip: elsewhere }, async (t) => {
  const samples = samplesOf('references')
  t.match(samples, [{ candidate: 'raw', faults: [] }, { candidate: 'inserts' }])
  t.ok((samples[1]?.values.rowsPerSecond ?? 0) > 0)
})
