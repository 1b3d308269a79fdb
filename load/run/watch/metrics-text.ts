/** What a node says of its process. */
export interface NodeFigures {
  /** Its name; null when the page does not say. */
  node: string | null
  cpuSeconds: number
  memoryBytes: number
}

/** Reads a page of Prometheus metrics; nothing when it is none of a process. */
export function readNodeFigures (page: string): NodeFigures | undefined {
  const cpu = find(page, 'process_cpu_seconds_total')
  const memory = find(page, 'process_resident_memory_bytes')
  if (!cpu || !memory) return undefined
  return { node: cpu.node, cpuSeconds: cpu.value, memoryBytes: memory.value }
}

function find (page: string, name: string): { value: number, node: string | null } | undefined {
  const [, labels = '', text = ''] = new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)`, 'm').exec(page) ?? []
  const value = Number(text)
  if (text === '' || Number.isNaN(value)) return undefined
  return { value, node: /(?:^|,)node="([^"]*)"/.exec(labels)?.[1] ?? null }
}
