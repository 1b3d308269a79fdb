/** How much of everything a run does. */
export interface Sizes {
  name: 'full' | 'quick' | 'tiny'
  repeats: number
  windowMs: number
  warmUpMs: number
  /** On how many nodes each part that compares them runs. */
  nodeCounts: number[]
  /** One room with this many people, of whom so many send; each keeps so many messages on their way at saturation. */
  hall: { people: number, senders: number, pipeline: number, slowPerSecond: number }
  /** Rooms of two; so many sends in flight at saturation. */
  pairs: { rooms: number, inFlight: number }
  /** Connects to warm up, then counted ones with so many at once, then a burst. */
  connects: { warmUp: number, count: number, atOnce: number, burst: number }
  /** Idle connections that the slope of memory is taken between. */
  idle: { few: number, many: number }
  /** Rooms on each pair of nodes, listeners per room and node, messages per room and second. */
  spread: { few: number, many: number, roomsPerPair: number, listeners: number, perSecond: number }
  /** People arriving, over so long; before them others to warm up, as quickly. */
  arrivals: { count: number, overMs: number, warmUp: number }
}

/** People of the crowd share five rooms with as many others as each of them watches, and themselves. */
export const groupSize = 51
export const roomsPerGroup = 5

export const full: Sizes = {
  name: 'full',
  repeats: 3,
  windowMs: 6000,
  warmUpMs: 2000,
  nodeCounts: [1, 3],
  hall: { people: 500, senders: 8, pipeline: 32, slowPerSecond: 10 },
  pairs: { rooms: 50, inFlight: 64 },
  connects: { warmUp: 300, count: 1200, atOnce: 32, burst: 5000 },
  idle: { few: 1000, many: 5000 },
  spread: { few: 2, many: 8, roomsPerPair: 4, listeners: 25, perSecond: 20 },
  arrivals: { count: 1000, overMs: 10_000, warmUp: 1000 }
}

export const quick: Sizes = {
  ...full,
  name: 'quick',
  repeats: 1,
  windowMs: 2500,
  warmUpMs: 1000,
  connects: { warmUp: 200, count: 500, atOnce: 32, burst: 1500 },
  idle: { few: 500, many: 1500 },
  arrivals: { count: 300, overMs: 3000, warmUp: 300 }
}

/** For tests: everything happens, and no figure means anything. */
export const tiny: Sizes = {
  name: 'tiny',
  repeats: 1,
  windowMs: 200,
  warmUpMs: 100,
  nodeCounts: [1],
  hall: { people: 8, senders: 2, pipeline: 4, slowPerSecond: 20 },
  pairs: { rooms: 4, inFlight: 8 },
  connects: { warmUp: 2, count: 6, atOnce: 4, burst: 12 },
  idle: { few: 4, many: 12 },
  spread: { few: 2, many: 4, roomsPerPair: 1, listeners: 2, perSecond: 20 },
  arrivals: { count: 12, overMs: 200, warmUp: 12 }
}
