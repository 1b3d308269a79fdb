import { createHash } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from './log.ts'
import { run } from './run.ts'
import { makeSharedFolder } from './shared-folder.ts'
import { canAccess, type User } from './unprivileged-user.ts'

/** Where Postgres keeps its data: in the data folder, unless its user may not go there. */
export function placePostgresData (dataDir: string, user: User | undefined, log: Log): string {
  if (!user || canAccess(user, 'enter', dataDir)) return join(dataDir, 'postgres')
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  const place = join(makeSharedFolder(name), 'postgres')
  log(`postgres: keeps its data in ${place}, since its user may not enter ${dataDir}`)
  return place
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
