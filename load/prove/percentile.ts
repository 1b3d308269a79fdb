/** The value below which this share of them lies (0.5: the median), or undefined when there are none. */
export function percentile (values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}
