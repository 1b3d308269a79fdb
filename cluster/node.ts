import { fileURLToPath } from 'node:url'
import { expectReady } from './http-status.ts'
import type { Log } from './log.ts'
import { findFreePort } from './ports.ts'
import { createScriptService } from './script-service.ts'
import type { Service } from './service.ts'

export interface ClusterNode {
  name: string
  url: string
  service: Service
}

export interface NodeOptions {
  name: string
  env: Record<string, string>
  drainSeconds: number
  log: Log
  /** The script that runs, `server.js` unless given. */
  server?: string
}

const serverScript = fileURLToPath(new URL('../server.js', import.meta.url))

/** How long a node may take beyond its drain. */
const closeMs = 5_000

/** A node of Parley on a port that it keeps when it is started again. */
export async function createNode ({ name, env, drainSeconds, log, server }: NodeOptions): Promise<ClusterNode> {
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const service = createScriptService({
    name,
    script: server ?? serverScript,
    env: { ...env, HOST: '127.0.0.1', PORT: String(port), NODE_NAME: name, DRAIN_SECONDS: String(drainSeconds) },
    probe: () => expectReady(url),
    stopTimeoutMs: drainSeconds * 1000 + closeMs,
    log,
  })
  return { name, url, service }
}
