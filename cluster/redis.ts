import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { asEmbeddedServer, type EmbeddedServer } from './embedded-server.ts'
import { LogFile } from './log-file.ts'
import { silent, type Log } from './log.ts'
import { findFreePort } from './ports.ts'
import { findRedis } from './redis-binary.ts'
import { Service } from './service.ts'
import { spawnBound } from './spawn-bound.ts'

export interface RedisOptions {
  /** Kept after `stop`. Without it the data is temporary. */
  dataDir?: string
  port?: number
  log?: Log
  signal?: AbortSignal
}

/** Starts a Redis of our own (7 or later) with an append-only file; without a password, on 127.0.0.1 only. */
export async function startRedis (options: RedisOptions = {}): Promise<EmbeddedServer> {
  const { log = silent, signal } = options
  const redis = await findRedis(options.dataDir ?? tmpdir(), log, signal)
  const dataDir = options.dataDir ? resolve(options.dataDir) : mkdtempSync(join(tmpdir(), 'parley-redis-'))
  const place = join(dataDir, 'redis')
  mkdirSync(place, { recursive: true })

  const port = options.port ?? await findFreePort()
  const logFile = new LogFile(join(dataDir, 'redis.log'))
  const args = [
    '--port', String(port), '--bind', '127.0.0.1', '--dir', place,
    '--appendonly', 'yes', '--appendfsync', 'everysec', '--save', '', '--loglevel', 'warning',
  ]
  const service = new Service({
    name: 'redis',
    launch: () => logFile.lend((descriptor) => spawnBound(redis.command, args, {
      env: { ...process.env, ...redis.env },
      deathSignal: 'SIGTERM',
      stdio: ['ignore', descriptor, descriptor],
    })),
    probe: () => ping(port),
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 5_000,
    lastWords: () => logFile.tail(),
  })
  const start = () => service.start(signal)
  try {
    await start()
  } catch (error) {
    await service.stop()
    throw error
  }
  return asEmbeddedServer({
    service,
    port,
    url: `redis://127.0.0.1:${port}`,
    start,
    discard: options.dataDir ? undefined : () => rmSync(dataDir, { recursive: true, force: true }),
  })
}

/** While Redis still reads its file it answers `-LOADING`, so a port that is open is not enough. */
function ping (port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 2_000 })
    const settle = (failure?: Error) => {
      socket.destroy()
      if (failure) reject(failure)
      else resolve()
    }
    socket.once('connect', () => socket.write('PING\r\n'))
    socket.once('data', (data) => settle(data.toString().startsWith('+PONG') ? undefined : new Error(data.toString().trim())))
    socket.once('timeout', () => settle(new Error('no answer to PING')))
    socket.once('close', () => settle(new Error('the connection was closed')))
    socket.once('error', settle)
  })
}
