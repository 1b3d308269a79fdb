import type { Running } from './candidates/candidate.ts'
import type { Seat } from './crew/tasks.ts'
import { groupSize, roomsPerGroup, type Sizes } from './sizes.ts'
import type { Stage } from './stage.ts'
import type { Settlement } from './town.ts'

/** Groups of people, each of which shares five rooms. Made once, for the part that needs the most of them. */
export function crowdOf (stage: Stage): Promise<Settlement> {
  const groups = Math.ceil(crowdSize(stage.sizes) / groupSize)
  const rooms = Array.from({ length: groups * roomsPerGroup }, (_, room) =>
    membersOf(Math.floor(room / roomsPerGroup)))
  return stage.town.settle('crowd', groups * groupSize, rooms)
}

function crowdSize ({ connects, idle, arrivals }: Sizes): number {
  return Math.max(connects.burst, idle.many, warmUpFrom(arrivals) + arrivals.warmUp)
}

function membersOf (group: number): number[] {
  return Array.from({ length: groupSize }, (_, index) => group * groupSize + index)
}

/** Where in the crowd those begin who share no room with anybody who is to arrive. */
export function warmUpFrom ({ count }: Sizes['arrivals']): number {
  return Math.ceil(count / groupSize) * groupSize
}

/** Those of the crowd from one to another, each with five rooms, dealt out to the two processes of the crew. */
export function seatCrowd ({ people, roomIds }: Settlement, { nodes, candidate }: Running, from: number, to: number): Seat[][] {
  const seats = people.slice(from, to).map(({ cookie }, index): Seat => {
    const group = Math.floor((from + index) / groupSize)
    return {
      url: nodes[index % nodes.length]?.url ?? '',
      cookie: candidate === 'parley' ? cookie : undefined,
      rooms: roomIds.slice(group * roomsPerGroup, (group + 1) * roomsPerGroup)
    }
  })
  return deal(seats)
}

export function deal (seats: Seat[]): Seat[][] {
  return [0, 1].map((worker) => seats.filter((_, index) => index % 2 === worker))
}

/** User ids of the others in somebody's group. */
export function othersOf ({ people }: Settlement, index: number): string[] {
  return membersOf(Math.floor(index / groupSize)).filter((other) => other !== index).flatMap((other) => people[other]?.userId ?? [])
}
