import { keepRunning } from './keep-running.ts'
import type { Log } from './log.ts'
import type { Service } from './service.ts'

/** Services in layers, each of which needs those below: they stop from the top. */
export class ServiceStack {
  readonly #layers: Service[][] = []
  #watches: { letGo: () => void }[] = []

  push (services: Service[]): void {
    this.#layers.push(services)
  }

  /** From now on what ends is started again. */
  keepRunning (log: Log, onChange: () => void): void {
    this.#watches = this.#layers.flat().map((service) => {
      service.on('change', onChange)
      return keepRunning(service, log)
    })
  }

  async stop (): Promise<void> {
    for (const watch of this.#watches) watch.letGo()
    for (const services of this.#layers.toReversed()) {
      await Promise.all(services.map((service) => service.stop()))
    }
  }
}
