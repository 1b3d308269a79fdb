import { cpus } from 'node:os'
import { now } from '../clock.ts'
import type { Target } from '../target.ts'
import { readNodeFigures, type NodeFigures } from './metrics-text.ts'
import { readTreeCpuSeconds } from './process-cpu.ts'

/** How one process of the deployment is doing. */
export interface ServerSample {
  name: string
  /** Of one core, since the sample before. */
  cpu: number
  /** Null where it cannot be told from outside. */
  memoryBytes: number | null
}

const timeoutMs = 2000
/** A balancer shows another node each time. */
const looks = 4

/** Reads CPU and memory of the nodes from their `/metrics`, and of what stands beside them from this machine. */
export class ServerWatch {
  readonly #target: Target
  readonly #last = new Map<string, { at: number, cpuSeconds: number }>()
  #nodes: Array<{ url: string, name: string }> = []
  #cpus = cpus()

  constructor (target: Target) {
    this.#target = target
  }

  /** Finds out which addresses are one node each. */
  async begin (): Promise<void> {
    const found = await Promise.all(this.#target.metricsUrls.map(findNode))
    const byName = new Map(found.flatMap((node) => node ? [[node.name, node]] : []))
    this.#nodes = [...byName.values()]
    await this.sample()
  }

  /** Those whose figures are known. */
  get names (): string[] { return this.#nodes.map(({ name }) => name) }

  async sample (): Promise<ServerSample[]> {
    const nodes = await Promise.all(this.#nodes.map(async ({ url, name }) => {
      const figures = await readFigures(url)
      return figures ? [this.#toSample(name, figures.cpuSeconds, figures.memoryBytes)] : []
    }))
    const processes = this.#target.processes().map(({ name, pid }) => {
      const cpuSeconds = pid === null ? null : readTreeCpuSeconds(pid)
      return cpuSeconds === null ? [] : [this.#toSample(name, cpuSeconds, null)]
    })
    return [...nodes, ...processes].flat()
  }

  /** How busy the cores of this machine have been since the last time: 0 to 1. */
  readMachine (): number {
    const before = this.#cpus
    this.#cpus = cpus()
    const sum = (each: (times: ReturnType<typeof cpus>[number]['times']) => number): number =>
      this.#cpus.reduce((total, { times }, index) => total + each(times) - each(before[index]?.times ?? times), 0)
    const all = sum(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq)
    return all === 0 ? 0 : 1 - sum(({ idle }) => idle) / all
  }

  #toSample (name: string, cpuSeconds: number, memoryBytes: number | null): ServerSample {
    const at = now()
    const last = this.#last.get(name)
    this.#last.set(name, { at, cpuSeconds })
    // A process that was started again counts from zero.
    const cpu = last && cpuSeconds >= last.cpuSeconds ? (cpuSeconds - last.cpuSeconds) * 1000 / Math.max(1, at - last.at) : 0
    return { name, cpu, memoryBytes }
  }
}

async function readFigures (url: string): Promise<NodeFigures | undefined> {
  try {
    const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(timeoutMs) })
    return response.ok ? readNodeFigures(await response.text()) : undefined
  } catch {
    return undefined // Kept from us, or too busy: the chart has a gap there.
  }
}

async function findNode (url: string): Promise<{ url: string, name: string } | undefined> {
  const seen: string[] = []
  for (let look = 0; look < looks; look++) {
    const figures = await readFigures(url)
    if (!figures) return undefined
    seen.push(figures.node ?? url)
  }
  const [name = url] = seen
  return new Set(seen).size === 1 ? { url, name } : undefined
}
