import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { FileTask } from './shared.ts'

/** Files that start whole clusters, of many processes: fewer of them run at once. */
const withCluster = /^test\/(browser|cluster|cluster-command|load-bench|load-run)\//
/** These take longest, most of it waiting: they begin first, so that nothing else waits for them in the end. */
const longest = /^test\/(load-bench\/parts|load-run\/scenarios|browser\/everybody|limits\/(logins|storm)|sockets\/silence|sessions\/sockets|recovery\/delivery|sdk\/faults)\./
/** A file that takes `t` from tap, and not from `test/suite.ts`, has a process of its own. */
const fromTap = /^import .*['"]tap['"]/m

export interface Selected extends FileTask {
  isAlone: boolean
}

export interface Selection {
  together: Selected[]
  clusters: Selected[]
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
    .map((entry) => relative(join(root, 'dist'), join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort(byLengthAndName)
  const wanted = names.map(toCompiled)
  const unknown = names.filter((_, index) => !all.some((file) => file.startsWith(wanted[index] ?? '')))
  if (unknown.length > 0) throw new Error(`There is no test file that begins with ${unknown.join(' or ')}.`)
  const chosen = (wanted.length > 0 ? all.filter((file) => wanted.some((name) => file.startsWith(name))) : all).map((file) => describe(root, file))
  return { together: chosen.filter(({ name }) => !withCluster.test(name)), clusters: chosen.filter(({ name }) => withCluster.test(name)) }
}

function byLengthAndName (one: string, other: string): number {
  return Number(longest.test(other)) - Number(longest.test(one)) || (one < other ? -1 : 1)
}

function toCompiled (name: string): string {
  return name.replace(/^(\.\/)?(dist\/)?/, '').replace(/\.tsx?$/, '.js')
}

function describe (root: string, compiled: string): Selected {
  const path = join(root, 'dist', compiled)
  return { name: compiled.replace(/\.js$/, '.ts'), path, isAlone: fromTap.test(readFileSync(path, 'utf8')) }
}
