import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from './log.ts'
import { run } from './run.ts'
import { makeSharedFolder } from './shared-folder.ts'
import { canAccess, type User } from './unprivileged-user.ts'

const pointerOf = (dataDir: string) => join(dataDir, 'postgres.place')

/** Where the data of Postgres was when it ran last: in the data folder, unless a pointer there leads elsewhere. */
export function findPostgresData (dataDir: string): string {
  const pointer = pointerOf(dataDir)
  if (!existsSync(pointer)) return join(dataDir, 'postgres')
  const place = readFileSync(pointer, 'utf8').trim()
  if (existsSync(place)) return place
  throw new Error(`The data of Postgres is not in ${place}, where ${pointer} says: bring it back, or remove that file to begin with no data.`)
}

/** Where Postgres keeps its data: where it is, or in the data folder, unless its user may not go there. */
export function placePostgresData (dataDir: string, user: User | undefined, log: Log): string {
  const found = findPostgresData(dataDir)
  const inside = join(dataDir, 'postgres')
  if (found !== inside || !user || canAccess(user, 'enter', dataDir)) return found
  if (existsSync(inside)) {
    throw new Error(`The data of Postgres is in ${inside}, where its user (uid ${user.uid}) may not go any more: let it enter the folders above.`)
  }
  const place = join(makeSharedFolder(randomBytes(6).toString('hex')), 'postgres')
  log(`postgres: keeps its data in ${place}, since its user may not enter ${dataDir}`)
  return place
}

/** So that the next start finds it, from wherever the data folder is then. */
export function rememberPostgresData (dataDir: string, place: string): void {
  if (place !== join(dataDir, 'postgres')) writeFileSync(pointerOf(dataDir), `${place}\n`)
}

export interface InitOptions {
  binaries: string
  user: User | undefined
  fast: boolean
  signal?: AbortSignal
}

/** Makes the data folder if there is none; by rename, so that a start cut short leaves no half of one. */
export async function initPostgresData (place: string, options: InitOptions): Promise<void> {
  if (existsSync(place)) return
  const draft = `${place}.draft`
  rmSync(draft, { recursive: true, force: true })
  // The parents exist: a recursive mkdir would give its mode to all of them.
  mkdirSync(draft, { mode: 0o700 })
  if (options.user) chownSync(draft, options.user.uid, options.user.gid)
  try {
    await run(join(options.binaries, 'initdb'), [
      '--pgdata', draft, '--username', 'parley', '--auth', 'trust', '--encoding', 'UTF8',
      '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8',
      ...(options.fast ? ['--no-sync'] : []),
    ], { ...options.user, cwd: '/', signal: options.signal })
    renameSync(draft, place)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    options.signal?.throwIfAborted()
    throw new Error(`Postgres could not make its data folder ${place}. ${(error as Error).message}`, { cause: error })
  }
}
