import { lstatSync, mkdirSync } from 'node:fs'

/** Makes a folder under /var/tmp that others may enter, and trusts one that is there only when it is ours. */
export function makeSharedFolder (name: string): string {
  const uid = process.getuid?.() ?? 0
  const path = `/var/tmp/parley-${uid}-${name}`
  mkdirSync(path, { recursive: true })
  const found = lstatSync(path)
  if (!found.isDirectory() || found.uid !== uid) throw new Error(`${path} belongs to somebody else: remove it.`)
  return path
}
