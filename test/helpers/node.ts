import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { buildApp } from '../../app.ts'
import { readConfig, type Config } from '../../plugins/config.ts'
import type { TestSocket } from './socket.ts'
import { createStores, type Ending, type Stores } from './stores.ts'

/** Where a node can be reached, in this process or in one of its own. */
export interface Address {
  name: string
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  url: string
  /** Sockets opened to it by helpers: closed before it. */
  sockets: Set<TestSocket>
}

export interface TestNode extends Address {
  app: FastifyInstance
  config: Config
  stores: Stores
  /** Closes it before the test ends; once is enough. */
  close: () => Promise<void>
}

/** Settings by their names, such as `SESSION_IDLE_SECONDS: 2`; `stores` puts several nodes on the same Postgres and Redis. */
export type NodeOptions = { stores?: Stores } & Record<string, string | number | Stores | undefined>

/** The environment of a node in tests; also for nodes in processes of their own. */
export function testEnvironment (stores: Stores, overrides: Record<string, unknown> = {}): Record<string, string> {
  const environment = {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: 0,
    DATABASE_URL: stores.databaseUrl,
    DATABASE_CONNECTIONS: 4,
    REDIS_URL: stores.redisUrl,
    REDIS_PREFIX: stores.redisPrefix,
    SESSION_SECRET: 'only for tests where everybody may know it',
    LIMITS: 'relaxed',
    DRAIN_SECONDS: 0,
    LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
    ...overrides,
  }
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]))
}

/** Starts a node in this process on a free port of 127.0.0.1. It is closed when the test ends. */
export async function startNode (t: Ending, options: NodeOptions = {}): Promise<TestNode> {
  const { stores = await createStores(t), ...overrides } = options
  const config = readConfig(testEnvironment(stores, overrides))
  const app = await buildApp({ config, ...(process.env.TEST_LOG && { logger: createLogger(config) }) })
  const sockets = new Set<TestSocket>()
  let closed: Promise<void> | undefined
  const close = () => (closed ??= closeAll(app, sockets))
  t.teardown(close)
  const url = await app.listen({ host: config.HOST, port: config.PORT })
  return { app, config, stores, url, name: config.NODE_NAME, sockets, close }
}

type Times<T, Count extends number, Sofar extends T[] = []> = Sofar['length'] extends Count ? Sofar : Times<T, Count, [...Sofar, T]>

/** Starts a cluster in this process: nodes n1, n2, … on the same stores. */
export async function startNodes<Count extends 1 | 2 | 3 | 4 | 5> (
  t: Ending, count: Count, options: NodeOptions = {}
): Promise<Times<TestNode, Count>> {
  const { stores = await createStores(t), ...overrides } = options
  const names = Array.from({ length: count }, (_, index) => `n${index + 1}`)
  const nodes = await Promise.all(names.map((name) => startNode(t, { NODE_NAME: name, ...overrides, stores })))
  return nodes as Times<TestNode, Count>
}

async function closeAll (app: FastifyInstance, sockets: Set<TestSocket>): Promise<void> {
  for (const socket of sockets) socket.close()
  await app.close()
}

/** To stderr: stdout belongs to the test's results. */
function createLogger (config: Config) {
  return pino({ level: config.LOG_LEVEL, base: { node: config.NODE_NAME } }, pino.destination({ dest: 2, sync: true }))
}
