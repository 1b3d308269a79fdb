import { sleepUntil } from './clock.ts'
import { Crew } from './crew/crew.ts'
import type { FromWorker, ToWorker } from './orders.ts'

// A process with some of the people. It does what it is told, says now and then how things stand, and ends with the
// process that started it; a Ctrl-C reaches the whole group, and is for that one to act upon.

const crew = new Crew()

function tell (message: FromWorker): void {
  if (process.connected) process.send?.(message)
}

async function obey (message: ToWorker): Promise<void> {
  if ('stop' in message) return crew.stop()
  const { id, name, order } = message
  try {
    const answer = await crew[name](order as never)
    tell({ sample: crew.sample() })
    tell({ id, answer: answer ?? null })
  } catch (error) {
    tell({ id, failure: error instanceof Error ? error.message : String(error) })
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
process.on('disconnect', () => process.exit())
process.on('message', (message) => { void obey(message as ToWorker) })
for (;;) {
  await sleepUntil(crew.nextSampleAt)
  tell({ sample: crew.sample() })
}
