import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository; tests run from `dist/test/repository`. */
export const root = fileURLToPath(new URL('../../../', import.meta.url))

const notSources = new Set(['node_modules', 'dist', '.git', '.data', '.tap', 'coverage'])

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  path: string
  text: string
}

/** Every file of our own whose name ends so. */
export function readSources (endings: string[]): SourceFile[] {
  return [...filesBelow(root)]
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => ({ path: relative(root, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }))
}

function * filesBelow (folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (notSources.has(entry.name)) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield * filesBelow(path)
    else yield path
  }
}
