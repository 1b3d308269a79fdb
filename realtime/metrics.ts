import { Counter, Gauge, type Registry } from 'prom-client'
import type { ParleyServer } from './server.ts'

interface MetricsDeps {
  metrics: Registry
  io: ParleyServer
  localRooms: () => number
  isHearing: () => boolean
  admissionsWaiting: () => number
}

/** What the sockets of a node are counted by. */
export function createRealtimeMetrics ({ metrics, io, localRooms, isHearing, admissionsWaiting }: MetricsDeps) {
  const gauge = (name: string, help: string, read: () => number): void => {
    const made = new Gauge({ name, help, registers: [metrics], collect () { made.set(read()) } })
  }
  gauge('parley_sockets', 'Sockets on this node.', () => io.sockets.sockets.size)
  gauge('parley_local_rooms', 'Rooms this node follows.', localRooms)
  gauge('parley_notifications_arrive', '1 while what other nodes publish arrives here, else 0: the node then polls.', () => Number(isHearing()))
  gauge('parley_admissions_waiting', 'Handshakes that wait for their turn.', admissionsWaiting)

  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers: [metrics] })
  const commands = new Counter({
    name: 'parley_commands_total', help: 'Commands of sockets, by name and outcome.', labelNames: ['command', 'code'], registers: [metrics]
  })
  const events = counter('parley_events_due_total', 'Room events told to this node\'s sockets, each counted once however many sockets there are.')
  const filled = counter('parley_events_filled_total', 'Room events that no notice brought in time: read from Postgres.')
  const unpublished = counter('parley_notices_unpublished_total', 'Notices for other nodes that did not reach Redis.')
  const cutOff = counter('parley_sockets_cut_off_total', 'Transports closed because their client did not read.')
  const flooded = counter('parley_sockets_flooded_total', 'Transports closed because their client went on sending far beyond its rate.')
  const refused = counter('parley_admissions_refused_total', 'Handshakes told to come back later, because too many came at once.')
  const sessions = counter('parley_sockets_ended_total', 'Sockets closed because their session ended.')

  return {
    commandAnswered: (command: string, code: string): void => { commands.inc({ command, code }) },
    eventsDue: (count: number): void => { events.inc(count) },
    eventsFilled: (count: number): void => { filled.inc(count) },
    noticeUnpublished: (): void => { unpublished.inc() },
    socketCutOff: (): void => { cutOff.inc() },
    socketFlooded: (): void => { flooded.inc() },
    admissionRefused: (): void => { refused.inc() },
    socketEnded: (): void => { sessions.inc() }
  }
}
