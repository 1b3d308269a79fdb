interface Unit {
  title: string
  format: (value: number) => string
}

function digits (value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return value === 0 ? '0' : value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)
}

const unit = (title: string, suffix: string): Unit => ({ title, format: (value) => `${digits(value)}${suffix}` })

/** How the values of samples are called and written, in the order of the tables. */
const units: Record<string, Unit> = {
  cpuUs: unit('CPU', ' µs'),
  nodeUs: unit('… of it node', ' µs'),
  redisUs: unit('… Redis', ' µs'),
  postgresUs: unit('… Postgres', ' µs'),
  acksPerSecond: unit('acks per second', ''),
  deliveriesPerSecond: unit('deliveries per second', ''),
  connectsPerSecond: unit('connects per second', ''),
  arrivalsPerSecond: unit('arrivals per second', ''),
  rowsPerSecond: unit('rows per second', ''),
  deliveryP50Ms: unit('delivery p50', ' ms'),
  deliveryP99Ms: unit('delivery p99', ' ms'),
  ackP50Ms: unit('ack p50', ' ms'),
  ackP99Ms: unit('ack p99', ' ms'),
  connectP50Ms: unit('connect p50', ' ms'),
  connectP99Ms: unit('connect p99', ' ms'),
  settledMs: unit('until all knew of all, after the last', ' ms'),
  bytes: unit('bytes to clients', ''),
  frames: unit('frames to clients', ''),
  usedBytes: unit('memory in use', ' B'),
  residentBytes: unit('resident memory', ' B'),
  refusals: unit('refused, then let in', ''),
  failed: unit('kept out', ''),
  redisCommands: unit('Redis commands', ''),
  redisReads: unit('Redis reads', ''),
  commits: unit('Postgres commits', ''),
  heardOwn: unit('from Redis per node and second: its rooms', ''),
  heardForeign: unit('… other rooms', ''),
  heardBeside: unit('… beside rooms', '')
}

/** The values that are shown, in their order. */
export const shownValues = Object.keys(units)

export function titleOf (value: string): string {
  return units[value]?.title ?? value
}

export function formatValue (value: string, figure: number | undefined): string {
  return figure === undefined ? '–' : units[value]?.format(figure) ?? digits(figure)
}

export function formatRatio (ratio: number | undefined): string {
  return ratio === undefined ? '–' : ratio.toFixed(2)
}
