/** What must be zero, counted for each listener. */
export interface Faults {
  /** Never came, though it was acked or another came after it. */
  lost: number
  /** Came twice on one connection, or stands in the log twice. */
  doubled: number
  /** Came after a later one. */
  outOfOrder: number
  /** Is not what it should be: another message than the acked one, another log than a neighbour's, a wrong presence. */
  mismatched: number
}

export function noFaults (): Faults {
  return { lost: 0, doubled: 0, outOfOrder: 0, mismatched: 0 }
}

export function sumFaults (all: Iterable<Faults>): Faults {
  const sum = noFaults()
  for (const { lost, doubled, outOfOrder, mismatched } of all) {
    sum.lost += lost
    sum.doubled += doubled
    sum.outOfOrder += outOfOrder
    sum.mismatched += mismatched
  }
  return sum
}

export function hasFaults ({ lost, doubled, outOfOrder, mismatched }: Faults): boolean {
  return lost + doubled + outOfOrder + mismatched > 0
}
