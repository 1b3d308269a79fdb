import { ContractError } from '../contract/index.ts'

export interface GateOptions {
  /** How many may be inside. */
  atOnce: number
  /** How many may stand outside. */
  waiting: number
  /** When somebody who was turned away may come again. */
  retryAfterMs: number
}

/** @param key whose work it is: those who have the same stand in one line. */
export type Gate = <T>(key: string, work: () => Promise<T>) => Promise<T>

interface Waiter {
  letIn: () => void
  turnAway: (error: ContractError) => void
}

/**
 * Lets a few do something costly at once, the others in turn: one of each line, round and round. When too many stand
 * outside, the last of the longest line is turned away, so that nobody keeps the others out by coming in numbers.
 */
export function createGate ({ atOnce, waiting, retryAfterMs }: GateOptions): Gate {
  /** The line that is next comes first; none is empty. */
  const lines = new Map<string, Waiter[]>()
  let inside = 0
  let outside = 0

  function turnOneAway (): void {
    let longest: [string, Waiter[]] = ['', []]
    // Of lines of the same length the one that came last.
    for (const line of lines) if (line[1].length >= longest[1].length) longest = line
    const [key, line] = longest
    line.pop()?.turnAway(new ContractError('server.unavailable', { retryAfterMs }))
    outside--
    if (line.length === 0) lines.delete(key)
  }

  async function enter (key: string): Promise<void> {
    if (inside < atOnce) {
      inside++
      return
    }
    await new Promise<void>((resolve, reject) => {
      const line = lines.get(key) ?? []
      lines.set(key, line)
      line.push({ letIn: resolve, turnAway: reject })
      if (++outside > waiting) turnOneAway()
    })
  }

  /** The place goes to the next in turn, so that nobody slips in between. */
  function leave (): void {
    const [next] = lines
    if (!next) {
      inside--
      return
    }
    const [key, line] = next
    lines.delete(key)
    line.shift()?.letIn()
    outside--
    if (line.length > 0) lines.set(key, line)
  }

  return async (key, work) => {
    await enter(key)
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
