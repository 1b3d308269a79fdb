import { parseArgs } from 'node:util'
import { faults } from './faults/index.ts'

export interface Options {
  seed: string
  minutes: number
  faults: string[]
  nodes: number
  people: number
  rooms: number
  /** Commands of everybody together, a second. */
  rate: number
  json?: string
  html?: string
}

const names = faults.map(({ name }) => name)

export const help = `Starts a cluster of its own, lets people talk, sign in and out, come and go on it, breaks things, and checks what everybody
saw: messages (D), sessions (S) and presence (P), as docs/guarantees.md promises them.

  npm run prove -- [options]

  --seed TEXT       decides which fault comes when; printed, so that a run can be had again [a new one]
  --minutes N       how long things are broken [2]
  --faults A,B      some of those below [all]
  --nodes N         nodes of the cluster [3]
  --people N        who take part, every fourth with two devices [24]
  --rooms N         where they talk [16]
  --rate N          commands a second, of all together [100]
  --json FILE       writes the report there
  --html FILE       writes the report there, as a page with a timeline
  --help            says this

Faults:
${faults.map(({ name, about }) => `  ${name.padEnd(18)}${about}`).join('\n')}

Ends with 0 when every promise was kept, with 1 when one was broken, with 2 when it could not run.`

/** Reads the command line. @throws Error with a sentence for the user. */
export function readOptions (args: string[]): Options | 'help' {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args,
    options: {
      seed: text, minutes: text, faults: text, nodes: text, people: text, rooms: text, rate: text, json: text, html: text, help: { type: 'boolean' }
    }
  })
  if (values.help) return 'help'
  return {
    seed: values.seed ?? String(Math.floor(Math.random() * 1e6)),
    minutes: readNumber('minutes', values.minutes ?? '2', 0.05, 600),
    faults: readFaults(values.faults),
    nodes: readWhole('nodes', values.nodes ?? '3', 1, 16),
    people: readWhole('people', values.people ?? '24', 2, 500),
    rooms: readWhole('rooms', values.rooms ?? '16', 1, 400),
    rate: readNumber('rate', values.rate ?? '100', 1, 5000),
    ...(values.json !== undefined && { json: values.json }),
    ...(values.html !== undefined && { html: values.html })
  }
}

function readNumber (name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= least && value <= most) return value
  throw new Error(`--${name} must be a number from ${least} to ${most}, not "${text}".`)
}

function readWhole (name: string, text: string, least: number, most: number): number {
  const value = readNumber(name, text, least, most)
  if (Number.isInteger(value)) return value
  throw new Error(`--${name} must be a whole number, not "${text}".`)
}

function readFaults (text: string | undefined): string[] {
  if (text === undefined) return names
  const chosen = text.split(',').map((name) => name.trim()).filter((name) => name !== '')
  const unknown = chosen.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new Error(`There is no fault "${unknown}". There are: ${names.join(', ')}.`)
  return chosen
}
