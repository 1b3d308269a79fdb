import { limits } from '../../contract/index.ts'
import type { Options } from './options.ts'
import type { Scenario } from './scenarios/scenario.ts'

/** One scenario with all its numbers. */
export interface Plan {
  scenario: string
  people: number
  rooms: number
  roomSize: number
  /** Messages a second, of everybody together. */
  rate: number
  seconds: number
  rampSeconds: number
  workers: number
  bytes: number
}

export type PlanOptions = Pick<Options, 'people' | 'rooms' | 'roomSize' | 'rate' | 'seconds' | 'rampSeconds' | 'workers' | 'bytes'>

const peoplePerWorker = 500

/** Fills in what was not asked for. @throws Error with a sentence for the user. */
export function makePlan (scenario: Scenario, options: PlanOptions, cores: number): Plan {
  const { people = scenario.people, rate = scenario.rate, seconds, rampSeconds, bytes } = options
  const usual = scenario.rooms(people)
  const { rooms = usual.rooms, roomSize = usual.roomSize } = options
  if (roomSize > people) throw new Error(`--room-size ${roomSize} is more than there are people (${people}).`)
  if (rooms * roomSize > people * limits.readyRooms) throw new Error(`${rooms} rooms of ${roomSize} are more than ${limits.readyRooms} rooms for each of ${people} people.`)
  const workers = Math.min(people, options.workers ?? Math.max(1, Math.min(Math.floor(cores / 2), Math.ceil(people / peoplePerWorker))))
  return { scenario: scenario.name, people, rooms, roomSize, rate, seconds, rampSeconds, workers, bytes }
}

/** Who sits in which room, by index: each room takes the next ones, round and round. */
export function seat ({ people, rooms, roomSize }: Pick<Plan, 'people' | 'rooms' | 'roomSize'>): number[][] {
  return Array.from({ length: rooms }, (_, room) => Array.from({ length: roomSize }, (_, chair) => (room * roomSize + chair) % people))
}
