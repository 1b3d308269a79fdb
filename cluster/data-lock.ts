import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startTimeOf } from './process-identity.ts'

export interface DataLock {
  /** The last launcher did not stop: it was killed. */
  wasLeft: boolean
  release (): void
}

/** Takes the data folder for this process; refuses while the process that has it lives. */
export function lockDataDir (dataDir: string): DataLock {
  const path = join(dataDir, 'cluster.lock')
  const release = () => rmSync(path, { force: true })
  const mine = JSON.stringify({ pid: process.pid, startTime: startTimeOf(process.pid) })
  if (tryCreate(path, mine)) return { wasLeft: false, release }

  const holder = JSON.parse(readFileSync(path, 'utf8') || '{}') as { pid?: number, startTime?: string }
  if (holder.pid && holder.startTime && startTimeOf(holder.pid) === holder.startTime) {
    throw new Error(`${dataDir} is in use by another cluster (pid ${holder.pid}): stop it, or set DATA_DIR to another folder.`)
  }
  release()
  if (!tryCreate(path, mine)) throw new Error(`${dataDir} has just been taken by another cluster: set DATA_DIR to another folder.`)
  return { wasLeft: true, release }
}

function tryCreate (path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
