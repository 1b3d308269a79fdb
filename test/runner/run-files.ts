import { FileRunner } from './file-runner.ts'
import type { Selected } from './files.ts'
import { hasFailed, type FileOutcome } from './outcome.ts'
import type { Surroundings } from './process.ts'
import { runFile } from './run-file.ts'

/** Runs them, so many at once, and tells of each as soon as it has ended. */
export async function runFiles (files: Selected[], atOnce: number, surroundings: Surroundings, onFile: (file: FileOutcome) => void): Promise<FileOutcome[]> {
  const results: FileOutcome[] = []
  const waiting = files.values()
  const add = (result: FileOutcome | undefined): void => {
    if (!result) return
    results.push(result)
    onFile(result)
  }

  async function work (): Promise<void> {
    let runner: FileRunner | undefined
    for (const file of waiting) {
      surroundings.signal.throwIfAborted()
      if (file.isAlone) {
        add(await runFile(file, surroundings))
        continue
      }
      runner ??= new FileRunner(surroundings)
      const result = await runner.run(file)
      add(result)
      if (!hasFailed(result)) continue
      // What a failed test has left behind is not the next one's.
      runner.kill()
      runner = undefined
    }
    add(await runner?.end())
  }

  await Promise.all(Array.from({ length: Math.min(atOnce, files.length) }, work))
  return results
}
