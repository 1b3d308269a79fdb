import type { NodeSummary } from '../../contract/index.ts'
import type { NodeShare } from './store.ts'

/** The shares of all partitions, put together by node. */
export function sumByNode (shares: NodeShare[]): NodeSummary[] {
  const sums = new Map<string, number>()
  for (const { name, connections } of shares) sums.set(name, (sums.get(name) ?? 0) + connections)
  return Array.from(sums, ([name, connections]) => ({ name, connections })).sort((a, b) => a.name < b.name ? -1 : 1)
}
