import { fileURLToPath } from 'node:url'
import type { Log } from './log.ts'
import { run } from './run.ts'

const script = fileURLToPath(new URL('../demo/main.js', import.meta.url))

/** Lets some people and rooms into a cluster that is ready; one that has them already stays as it is. Says how it went. */
export async function playDemo (url: string, log: Log): Promise<void> {
  try {
    log(`demo: ${(await run(process.execPath, [script, url])).trim()}`)
  } catch (error) {
    // The cluster is as good without it.
    log(`demo: ${error instanceof Error ? error.message : String(error)}`)
  }
}
