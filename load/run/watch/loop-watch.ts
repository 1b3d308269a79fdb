import { monitorEventLoopDelay, performance, type EventLoopUtilization, type IntervalHistogram } from 'node:perf_hooks'

/** How busy a process was. */
export interface LoopLoad {
  /** Of the time, how much the event loop was not idle: 0 to 1. */
  utilization: number
  /** How much later than asked for a timer comes. */
  delayP99Ms: number
  /** Of one core, since the beginning of the measurement: 0 to 1, more with threads. */
  cpu: number
}

/** The monitor's own timer: it counts as delay what comes on top. */
const resolutionMs = 10

/** Looks at the event loop of this process, from the first `begin` on. */
export class LoopWatch {
  readonly #monitor: IntervalHistogram = monitorEventLoopDelay({ resolution: resolutionMs })
  #utilization: EventLoopUtilization = performance.eventLoopUtilization()
  #cpu = process.cpuUsage()
  #begunAt = performance.now()

  begin (): void {
    this.#monitor.enable()
    this.#monitor.reset()
    this.#utilization = performance.eventLoopUtilization()
    this.#cpu = process.cpuUsage()
    this.#begunAt = performance.now()
  }

  read (): LoopLoad {
    const { user, system } = process.cpuUsage(this.#cpu)
    return {
      utilization: performance.eventLoopUtilization(this.#utilization).utilization,
      delayP99Ms: this.#monitor.count === 0 ? 0 : Math.max(0, this.#monitor.percentile(99) / 1e6 - resolutionMs),
      cpu: (user + system) / 1000 / Math.max(1, performance.now() - this.#begunAt)
    }
  }
}
