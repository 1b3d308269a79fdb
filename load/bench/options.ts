import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { partNames, type PartName } from './sample.ts'
import { parts } from './parts/index.ts'
import { full, quick, type Sizes } from './sizes.ts'

export interface Options {
  sizes: Sizes
  parts: PartName[]
  /** The node of Parley that is measured. */
  server: string
  /** Where the tables are written; undefined for nowhere. */
  docs: string | undefined
  json?: string
  /** Where CPU profiles of Parley's windows go: such a run's figures mean less. */
  profiles?: string
}

const fromHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const defaultServer = fromHere('../../server.js')
const defaultDocs = fromHere('../../../docs/performance.md')

export const help = `Does the same work against a bare Socket.IO server with the Redis adapter, against the same with events batched per
room, and against Parley, side by side, and writes what each of them cost into docs/performance.md. Linux only.

  npm run bench -- [options]

  --quick           one repeat with short windows: under five minutes, for a first look
  --only NAME       one part (several: A,B) [all]
  --json FILE       writes every figure and every goal there
  --docs FILE       writes the tables there, between their marks [docs/performance.md]
  --no-docs         writes no tables
  --repeats N       how often everything is measured [3]
  --server FILE     the compiled server.js of Parley [the one of this build]
  --profile FOLDER  writes a CPU profile of each window of Parley's there
  --help            says this

Parts:
${partNames.map((name) => `  ${name.padEnd(18)}${parts[name].about}`).join('\n')}

Nothing else should run on the machine: what other processes used is reported with every figure. Ends with 0 when it
measured, whether or not goals were reached.`

/** Reads the command line. @throws Error with a sentence for the user. */
export function readOptions (args: string[]): Options | 'help' {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const { values } = parseArgs({
    args,
    options: { quick: flag, only: text, json: text, docs: text, 'no-docs': flag, repeats: text, server: text, profile: text, help: flag }
  })
  if (values.help) return 'help'
  const sizes = values.quick ? quick : full
  return {
    sizes: { ...sizes, repeats: readRepeats(values.repeats, sizes.repeats) },
    parts: readParts(values.only),
    server: readServer(values.server),
    docs: values['no-docs'] ? undefined : resolve(values.docs ?? defaultDocs),
    ...(values.json !== undefined && { json: values.json }),
    ...(values.profile !== undefined && { profiles: resolve(values.profile) })
  }
}

function readRepeats (text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback
  if (/^[1-9]\d?$/.test(text)) return Number(text)
  throw new Error(`--repeats must be a whole number from 1 to 99, not "${text}".`)
}

function readParts (text: string | undefined): PartName[] {
  if (text === undefined) return [...partNames]
  const chosen = text.split(',').map((name) => name.trim()).filter((name) => name !== '')
  const unknown = chosen.find((name) => !(partNames as readonly string[]).includes(name))
  if (unknown !== undefined || chosen.length === 0) throw new Error(`There is no part "${unknown ?? ''}". There are: ${partNames.join(', ')}.`)
  return partNames.filter((name) => chosen.includes(name))
}

function readServer (text: string | undefined): string {
  const server = text === undefined ? defaultServer : resolve(text)
  if (!existsSync(server)) throw new Error(`There is no ${server}: give the path of a compiled server.js.`)
  return server
}
