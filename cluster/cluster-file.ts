import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What `<DATA_DIR>/cluster.json` says. A pid is null for a server of your own, and while a service is down. */
export interface ClusterState {
  url: string
  balancer: { pid: number | null }
  nodes: { name: string, pid: number | null, url: string }[]
  postgres: { pid: number | null, url: string }
  redis: { pid: number | null, url: string }
}

export class ClusterFile {
  readonly #path: string
  readonly #read: () => ClusterState
  #isOpen = true
  #isDue = false

  constructor (dataDir: string, read: () => ClusterState) {
    this.#path = join(dataDir, 'cluster.json')
    this.#read = read
  }

  /** Writes at the end of this turn of the event loop: an end that is followed at once by a start is one change. */
  update (): void {
    if (this.#isDue) return
    this.#isDue = true
    setImmediate(() => {
      this.#isDue = false
      if (this.#isOpen) this.write()
    })
  }

  write (): void {
    const draft = `${this.#path}.draft`
    writeFileSync(draft, JSON.stringify(this.#read(), null, 2) + '\n')
    renameSync(draft, this.#path)
  }

  remove (): void {
    this.#isOpen = false
    rmSync(this.#path, { force: true })
  }
}

/** The processes of a cluster whose launcher was killed; most of them are gone, the others are about to be. */
export function readLeftoverPids (dataDir: string): number[] {
  try {
    const state = JSON.parse(readFileSync(join(dataDir, 'cluster.json'), 'utf8')) as ClusterState
    const services = [state.balancer, ...state.nodes, state.postgres, state.redis]
    return services.flatMap(({ pid }) => pid ?? [])
  } catch {
    return []
  }
}
