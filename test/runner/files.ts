import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Files that start whole clusters or measure time run after all others, one by one. */
const alone = /^dist\/test\/(cluster|cluster-command|browser)\//

export interface Selection {
  together: string[]
  alone: string[]
}

/**
 * The compiled test files: all, or those that an argument names by their path in the sources, as a file, a folder or the
 * beginning of a path.
 *
 * @throws when an argument names none.
 */
export function selectFiles (root: string, names: string[]): Selection {
  const all = readdirSync(join(root, 'dist/test'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.js'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
  const wanted = names.map(toCompiled)
  const unknown = names.filter((_, index) => !all.some((file) => file.startsWith(wanted[index] ?? '')))
  if (unknown.length > 0) throw new Error(`There is no test file that begins with ${unknown.join(' or ')}.`)
  const chosen = wanted.length > 0 ? all.filter((file) => wanted.some((name) => file.startsWith(name))) : all
  return { together: chosen.filter((file) => !alone.test(file)), alone: chosen.filter((file) => alone.test(file)) }
}

function toCompiled (name: string): string {
  return name.replace(/^(\.\/)?(dist\/)?/, 'dist/').replace(/\.ts$/, '.js')
}
