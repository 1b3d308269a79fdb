import { ContractError } from '../contract/index.ts'

export interface GateOptions {
  /** How many may be inside. */
  atOnce: number
  /** How many may stand outside; whoever comes then is turned away. */
  waiting: number
  /** When somebody who was turned away may come again. */
  retryAfterMs: number
}

export type Gate = <T>(work: () => Promise<T>) => Promise<T>

/** Lets a few do something costly at once, the others in turn. */
export function createGate ({ atOnce, waiting, retryAfterMs }: GateOptions): Gate {
  const queue: Array<() => void> = []
  let inside = 0

  async function enter (): Promise<void> {
    if (inside < atOnce) {
      inside++
      return
    }
    if (queue.length >= waiting) throw new ContractError('server.unavailable', { retryAfterMs })
    await new Promise<void>((resolve) => { queue.push(resolve) })
  }

  /** The place goes to the next in the queue, so that nobody slips in between. */
  function leave (): void {
    const next = queue.shift()
    if (next) next()
    else inside--
  }

  return async (work) => {
    await enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
