import { Gauge, type Registry } from 'prom-client'
import type { PresenceMeasures, PresenceService } from './service.ts'

const gauges: Array<[name: string, help: string, read: (measures: PresenceMeasures) => number]> = [
  ['parley_presence_connections', 'Connections of this node that are shown as online or away.', ({ connections }) => connections],
  ['parley_presence_watchers', 'Connections of this node that watch somebody.', ({ watchers }) => watchers],
  ['parley_presence_watched', 'People watched from this node.', ({ watched }) => watched],
  ['parley_presence_out_of_touch', 'Of the partitions of people, those whose presence this node cannot say for now.', ({ partitionsOutOfTouch }) => partitionsOutOfTouch]
]

/** What presence on this node is measured by. */
export function measurePresence (metrics: Registry, presence: PresenceService): void {
  for (const [name, help, read] of gauges) {
    const gauge = new Gauge({ name, help, registers: [metrics], collect () { gauge.set(read(presence.measure())) } })
  }
}
