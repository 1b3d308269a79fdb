import type { Service } from './service.ts'

/** A Postgres or Redis that this process has started, and that ends with it. */
export interface EmbeddedServer {
  readonly url: string
  readonly port: number
  /** Null while it is down. */
  readonly pid: number | null
  stop (): Promise<void>
  /** SIGKILL; it stays down until `restart`, and its data stays. */
  kill (): Promise<void>
  /** Starts it again on the same port with its data, after stopping it if it runs. */
  restart (): Promise<void>
  readonly service: Service
}

export interface ServerPlace {
  service: Service
  url: string
  port: number
  start: () => Promise<void>
  /** Called once it has stopped for good: removes what was temporary. */
  discard?: () => void
}

export function asEmbeddedServer ({ service, url, port, start, discard }: ServerPlace): EmbeddedServer {
  return {
    url,
    port,
    service,
    get pid () { return service.pid },
    kill: () => service.kill(),
    stop: async () => {
      await service.stop()
      discard?.()
    },
    restart: async () => {
      await service.stop()
      await start()
    },
  }
}
