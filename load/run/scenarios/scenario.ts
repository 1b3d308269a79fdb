import type { Random } from '../../prove/random.ts'
import type { Person } from '../crew/person.ts'
import type { Tally } from '../crew/tally.ts'

/** A way to load a deployment: how many sit where, when they talk, and what else they do. */
export interface Scenario {
  name: string
  about: string
  /** Unless the command line says otherwise. */
  people: number
  /** Messages a second, of everybody together, unless the command line says otherwise. */
  rate: number
  /** Unless the command line says otherwise. */
  rooms: (people: number) => { rooms: number, roomSize: number }
  /** When the n-th message of all is due, in milliseconds after the start; evenly when left out. */
  dueMs?: (n: number, rate: number) => number
  /** What the people of one process do beside talking, until the time is over. */
  act?: (stage: Stage) => Promise<void>
}

export interface Stage {
  people: readonly Person[]
  tally: Tally
  random: Random
  /** Resolves at this share (0 to 1) of the time, or when the run is stopped early. */
  until: (share: number) => Promise<void>
  /** Aborted when the run is stopped early. */
  signal: AbortSignal
}
