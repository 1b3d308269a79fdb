import type { Sample } from '../sample.ts'
import type { Stage } from '../stage.ts'

/** One kind of work, measured. */
export interface Part {
  /** In a line. */
  about: string
  /** What its windows are, in sentences. */
  method: (sizes: Stage['sizes']) => string
  run: (stage: Stage) => Promise<Sample[]>
}
