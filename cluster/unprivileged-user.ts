import { execFileSync, spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'

export interface User {
  uid: number
  gid: number
}

/** Postgres refuses to run as root: then it runs as whoever owns its data, or as `postgres` or `nobody`. */
export function chooseUser (dataDir: string): User | undefined {
  if (process.getuid?.() !== 0) return undefined
  const owner = statSync(dataDir, { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const user = findUser('postgres') ?? findUser('nobody')
  if (!user) throw new Error('Postgres does not run as root, and there is neither a user postgres nor nobody: set DATABASE_URL.')
  return user
}

/** Asks the system itself, since every folder above the path has a say. */
export function canAccess (user: User | undefined, access: 'read' | 'enter', path: string): boolean {
  return spawnSync('test', [access === 'read' ? '-r' : '-x', path], { ...user, cwd: '/' }).status === 0
}

function findUser (name: string): User | undefined {
  try {
    const ask = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }))
    return { uid: ask('-u'), gid: ask('-g') }
  } catch {
    return undefined
  }
}
