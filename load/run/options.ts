import { parseArgs } from 'node:util'
import { scenarios, findScenario } from './scenarios/index.ts'

export interface Options {
  /** Empty: a cluster of its own is started. */
  urls: string[]
  /** Nodes whose `/metrics` is read, beside those of `urls`. */
  metricsUrls: string[]
  nodes: number
  scenarios: string[]
  people?: number
  rooms?: number
  roomSize?: number
  rate?: number
  seconds: number
  rampSeconds: number
  workers?: number
  bytes: number
  seed: string
  prefix: string
  json?: string
  html?: string
}

export const help = `Loads a running deployment with people who talk and listen, and measures what it does.

  npm run load -- [options]

  --url URL          a balancer or a node; several, or separated by commas: people are spread over them
                     [a cluster of its own is started, and people connect to its nodes]
  --metrics URL      a node whose /metrics is read as well, where --url names a balancer
  --nodes N          nodes of the cluster that is started [3]
  --scenario A,B     those below, one after another, or all [steady]
  --people N         who take part [the scenario's]
  --rooms N          where they talk [the scenario's]
  --room-size N      how many of them are in each room [the scenario's]
  --rate N           messages a second, of everybody together; sent on time, however slow the answers are [the scenario's]
  --seconds N        how long each scenario is measured [30]
  --ramp SECONDS     over how long people arrive, before it is measured [2]
  --bytes N          length of a message, from 20 on [64]
  --workers N        processes that the people are spread over [1 for each 500 people, up to half of the cores]
  --seed TEXT        decides who says what where; printed, so that a run can be had again [a new one]
  --register-prefix TEXT
                     people are called TEXT-0, TEXT-1 …; they are registered once, and used again by the next run.
                     Their passwords follow from their names: choose a long one where strangers can sign in [load]
  --json FILE        writes the report there
  --html FILE        writes the report there, as a page with charts
  --help             says this

Scenarios:
${scenarios.map(({ name, about, people, rate, rooms }) => {
    const { rooms: count, roomSize } = rooms(people)
    return `  ${name.padEnd(17)}${about}\n${' '.repeat(19)}[${people} people, ${count} ${count === 1 ? 'room' : 'rooms'} of ${roomSize}, ${rate} messages/s]`
  }).join('\n')}

A server with its standard limits lets few people in from one address: start it with LIMITS=relaxed. Rooms are made for
the run and deleted after it. Two runs at the same time need different prefixes. Ctrl-C ends a run early, with a report.

Ends with 0 when every message came once and in order to everybody and nothing else failed, with 1 when not, with 2
when it was called wrongly, with 130 when it was stopped early and nothing was found wrong until then.`

const single = ['nodes', 'people', 'rooms', 'room-size', 'rate', 'seconds', 'ramp', 'workers', 'bytes', 'seed', 'register-prefix', 'json', 'html'] as const
type Single = typeof single[number]

/** Reads the command line. @throws Error with a sentence for the user. */
export function readOptions (args: string[]): Options | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      ...Object.fromEntries(single.map((name) => [name, { type: 'string' }])) as Record<Single, { type: 'string' }>,
      url: { type: 'string', multiple: true },
      metrics: { type: 'string', multiple: true },
      scenario: { type: 'string', multiple: true },
      help: { type: 'boolean' }
    }
  })
  if (values.help) return 'help'
  const whole = (name: Single, least: number, most: number): number | undefined => {
    const given = values[name]
    return given === undefined ? undefined : readWhole(name, given, least, most)
  }
  const optional = {
    people: whole('people', 1, 100_000),
    rooms: whole('rooms', 1, 100_000),
    roomSize: whole('room-size', 1, 100_000),
    rate: values.rate === undefined ? undefined : readNumber('rate', values.rate, 0, 1_000_000),
    workers: whole('workers', 1, 256),
    json: values.json,
    html: values.html
  }
  return {
    urls: list(values.url).map((url) => readUrl('url', url)),
    metricsUrls: list(values.metrics).map((url) => readUrl('metrics', url)),
    nodes: whole('nodes', 1, 16) ?? 3,
    scenarios: readScenarios(list(values.scenario)),
    seconds: readNumber('seconds', values.seconds ?? '30', 1, 86_400),
    rampSeconds: readNumber('ramp', values.ramp ?? '2', 0, 3600),
    bytes: whole('bytes', 20, 4000) ?? 64,
    seed: values.seed ?? String(Math.floor(Math.random() * 1e6)),
    prefix: readPrefix(values['register-prefix'] ?? 'load'),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined))
  }
}

function list (values: string[] = []): string[] {
  return values.flatMap((value) => value.split(',')).map((part) => part.trim()).filter((part) => part !== '')
}

function readNumber (name: string, given: string, least: number, most: number): number {
  const value = Number(given)
  if (given.trim() !== '' && value >= least && value <= most) return value
  throw new Error(`--${name} must be a number from ${least} to ${most}, not "${given}".`)
}

function readWhole (name: string, given: string, least: number, most: number): number {
  const value = readNumber(name, given, least, most)
  if (Number.isInteger(value)) return value
  throw new Error(`--${name} must be a whole number, not "${given}".`)
}

function readUrl (name: string, given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '') return url.origin
  throw new Error(`--${name} must be like http://host:3000, not "${given}".`)
}

function readScenarios (names: string[]): string[] {
  if (names.includes('all')) return scenarios.map(({ name }) => name)
  return names.length === 0 ? ['steady'] : names.map((name) => findScenario(name).name)
}

/** With what follows it, it must make a username. */
function readPrefix (given: string): string {
  if (/^[a-z0-9_.-]{1,24}$/.test(given)) return given
  throw new Error(`--register-prefix must be 1 to 24 of a-z, 0-9, "_", "." and "-", not "${given}".`)
}
