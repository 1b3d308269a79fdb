import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import postgres from 'postgres'
import { asEmbeddedServer, type EmbeddedServer } from './embedded-server.ts'
import { LogFile } from './log-file.ts'
import { silent, type Log } from './log.ts'
import { findFreePort } from './ports.ts'
import { preparePostgresBinaries } from './postgres-binaries.ts'
import { findPostgresData, initPostgresData, placePostgresData, rememberPostgresData } from './postgres-data.ts'
import { retry } from './retry.ts'
import { Service } from './service.ts'
import { hastenShutdown } from './smart-shutdown.ts'
import { spawnBound } from './spawn-bound.ts'
import { chooseUser } from './unprivileged-user.ts'

export interface PostgresOptions {
  /** Kept after `stop`. Without it the data is temporary. */
  dataDir?: string
  port?: number
  /** For tests that do not kill it: quicker, and a crash or SIGKILL loses the last commits. */
  fast?: boolean
  /** How many may be open at the same time; 200 unless given. */
  connections?: number
  log?: Log
  signal?: AbortSignal
}

const settings = [
  'listen_addresses=127.0.0.1', 'unix_socket_directories=',
  'timezone=UTC', 'log_timezone=UTC', 'jit=off', 'log_min_messages=warning', 'log_checkpoints=off',
]
const durable = ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on']
const fleeting = ['fsync=off', 'full_page_writes=off']

/** Starts a Postgres of our own, with an empty database `parley` at first; without passwords, on 127.0.0.1 only. */
export async function startPostgres (options: PostgresOptions = {}): Promise<EmbeddedServer> {
  const { connections = 200, fast = false, log = silent, signal } = options
  const dataDir = options.dataDir ? resolve(options.dataDir) : makeTemporaryFolder()
  mkdirSync(dataDir, { recursive: true })
  const user = chooseUser(findPostgresData(dataDir))
  const binaries = preparePostgresBinaries(user, log)
  const place = placePostgresData(dataDir, user, log)
  await initPostgresData(place, { binaries, user, fast, signal })
  rememberPostgresData(dataDir, place)

  const port = options.port ?? await findFreePort()
  const logFile = new LogFile(join(dataDir, 'postgres.log'))
  const args = [...settings, `port=${port}`, `max_connections=${connections}`, ...(fast ? fleeting : durable)].flatMap((setting) => ['-c', setting])
  const service = new Service({
    name: 'postgres',
    launch: () => {
      const child = logFile.lend((descriptor) => spawnBound(join(binaries, 'postgres'), ['-D', place, ...args], {
        ...user,
        cwd: '/',
        deathSignal: 'SIGINT', // Postgres's fast shutdown.
        stdio: ['ignore', descriptor, descriptor],
      }))
      hastenShutdown(child, place)
      return child
    },
    probe: () => createDatabase(port),
    stopSignal: 'SIGINT',
    stopTimeoutMs: 15_000,
    lastWords: () => logFile.tail(),
  })
  // After a SIGKILL of the postmaster, its backends hold the shared memory for a moment, and a new one refuses to start.
  const stillHeld = () => /shared memory block|lock file/.test(logFile.tail())
  const start = () => retry(() => service.start(signal), { timeoutMs: 15_000, everyMs: 250, signal, retryIf: stillHeld })
  try {
    await start()
  } catch (error) {
    await service.stop()
    throw error
  }
  return asEmbeddedServer({
    service,
    port,
    url: `postgres://parley@127.0.0.1:${port}/parley`,
    start,
    discard: options.dataDir ? undefined : () => removeAll(place, dataDir),
  })
}

async function createDatabase (port: number): Promise<void> {
  // While it fetches types, postgres.js answers a lost connection with a rejection that nobody can catch.
  const settings = { max: 1, connect_timeout: 5, fetch_types: false }
  const sql = postgres({ host: '127.0.0.1', port, username: 'parley', database: 'postgres', ...settings })
  try {
    const found = await sql`select 1 from pg_database where datname = 'parley'`
    if (found.length === 0) await sql`create database parley`
  } finally {
    await sql.end({ timeout: 1 })
  }
}

function makeTemporaryFolder (): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-postgres-'))
  chmodSync(folder, 0o755) // Postgres may run as another user.
  return folder
}

function removeAll (...folders: string[]): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
}
