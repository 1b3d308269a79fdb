import { randomBytes } from 'node:crypto'
import { startPostgres } from '../../cluster/postgres.ts'
import { startRedis } from '../../cluster/redis.ts'
import { Crew } from './crew/crew.ts'
import type { Sizes } from './sizes.ts'
import { Town } from './town.ts'

export interface BenchStores {
  databaseUrl: string
  redisUrl: string
  redisPrefix: string
  /** Undefined where somebody else runs them: then their CPU is not counted. */
  postgresPid?: number | undefined
  redisPid?: number | undefined
}

/** What all parts share. */
export interface Stage {
  sizes: Sizes
  stores: BenchStores
  crew: Crew
  town: Town
  /** Parley's compiled server.js. */
  server: string
  sessionSecret: string
  profiles: string | undefined
  say: (line: string) => void
  signal: AbortSignal
}

export interface StageOptions extends Pick<Stage, 'sizes' | 'server' | 'say' | 'signal'> {
  profiles?: string | undefined
  /** Of one's own; else a Postgres and a Redis are started, as durable as the product runs them. */
  stores?: BenchStores | undefined
}

/** Two processes: enough for what a node can tell. */
const crewSize = 2

/** Brings up the stores and the crew, lets them be used, and ends them whatever happens. */
export async function onStage<T> (options: StageOptions, use: (stage: Stage) => Promise<T>): Promise<T> {
  const { signal, say, server, sizes, profiles } = options
  const endings: Array<() => unknown> = []
  try {
    const stores = options.stores ?? await startStores(options, endings)
    const crew = new Crew(crewSize)
    endings.push(() => { crew.stop() })
    const stage: Stage = {
      sizes, stores, crew, server, profiles, say, signal, sessionSecret: randomBytes(32).toString('hex'), town: new Town(() => stage)
    }
    return await Promise.race([use(stage), whenGivenUp(signal)])
  } finally {
    for (const end of endings.toReversed()) await end()
  }
}

async function startStores ({ signal, say }: StageOptions, endings: Array<() => unknown>): Promise<BenchStores> {
  const postgres = await startPostgres({ log: say, signal })
  endings.push(() => postgres.stop())
  const redis = await startRedis({ log: say, signal })
  endings.push(() => redis.stop())
  return {
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    redisPrefix: 'parley',
    postgresPid: postgres.pid ?? undefined,
    redisPid: redis.pid ?? undefined
  }
}

/** Fails at once when the run is given up, whatever is under way: servers end with this process. */
function whenGivenUp (signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => { reject(signal.reason as Error) }, { once: true })
  })
}
