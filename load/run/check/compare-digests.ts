import type { RoomDigest } from './room-record.ts'

/** In how many rooms processes that were told equally much were told different things. */
export function countDifferences (ofProcesses: Array<Record<string, RoomDigest>>): number {
  const first = new Map<string, RoomDigest>()
  const differing = new Set<string>()
  for (const [roomId, digest] of ofProcesses.flatMap((digests) => Object.entries(digests))) {
    const other = first.get(roomId)
    if (!other) first.set(roomId, digest)
    else if (other.count === digest.count && other.sum !== digest.sum) differing.add(roomId)
  }
  return differing.size
}
