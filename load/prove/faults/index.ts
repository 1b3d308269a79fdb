import type { Fault } from './fault.ts'
import { cutPostgres, cutRedis, loseEndings, loseNotices } from './lines.ts'
import { killNode, rollingRestart, stopNode } from './nodes.ts'
import { emptyRedis, killRedis, restartBalancer, restartPostgres } from './stores.ts'

export type { Fault, Standing, World } from './fault.ts'
export { isReady } from './nodes.ts'

/** Everything that `--faults` knows. */
export const faults: Fault[] = [
  killNode, stopNode, killRedis, emptyRedis, restartPostgres, cutRedis, cutPostgres, loseNotices, loseEndings, restartBalancer, rollingRestart
]
