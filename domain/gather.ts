interface Waiting<Key, Value> {
  key: Key
  resolve: (value: Value) => void
  reject: (error: unknown) => void
}

export interface GatherOptions<Key, Value> {
  /** Answers for all of them, in their order. */
  ask: (keys: Key[]) => Promise<Value[]>
  maxBatch?: number
  /** While many ask at once, how long the next of them are waited for; whoever comes alone is not kept waiting. */
  crowdMs?: number
  /** So many waiting are not kept waiting for more. */
  crowdSize?: number
}

/**
 * Asks once for many what is asked for one at a time: whatever comes in the same turn of the event loop, or while a
 * question is under way, makes the next question. A failure is everybody's who was in it.
 */
export function createGather<Key, Value> ({ ask, maxBatch = 500, crowdMs = 0, crowdSize = maxBatch }: GatherOptions<Key, Value>): (key: Key) => Promise<Value> {
  const waiting: Array<Waiting<Key, Value>> = []
  let isRunning = false
  let onFull: (() => void) | undefined

  /** Ends early when the crowd is complete. */
  async function waitForCrowd (): Promise<void> {
    if (waiting.length >= crowdSize) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, crowdMs)
      onFull = () => { clearTimeout(timer); resolve() }
    })
    onFull = undefined
  }

  async function askFor (batch: Array<Waiting<Key, Value>>): Promise<void> {
    try {
      const values = await ask(batch.map(({ key }) => key))
      if (values.length !== batch.length) throw new Error(`Of ${batch.length} questions ${values.length} were answered.`)
      batch.forEach(({ resolve }, index) => { resolve(values[index] as Value) })
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  async function run (): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, maxBatch)
      await askFor(batch)
      if (batch.length > 1 && crowdMs > 0) await waitForCrowd()
    }
    isRunning = false
  }

  return (key) => new Promise((resolve, reject) => {
    waiting.push({ key, resolve, reject })
    if (waiting.length >= crowdSize) onFull?.()
    if (isRunning) return
    isRunning = true
    setImmediate(() => { void run() })
  })
}
