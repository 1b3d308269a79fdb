import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClusterState } from '../cluster/cluster-file.ts'
import { Failure } from './failure.ts'

/** Where the nodes are at home. */
export interface Surroundings {
  databaseUrl: string
  /** Where browsers reach them, as far as that is known. */
  publicUrl: string | undefined
}

/**
 * Reads the environment, as a node does; without a DATABASE_URL it means the embedded cluster that runs here.
 *
 * @throws Failure when there is neither.
 */
export function readSurroundings (env: NodeJS.ProcessEnv): Surroundings {
  const { DATABASE_URL: databaseUrl, PUBLIC_URL: publicUrl, DATA_DIR: dataDir } = env
  if (publicUrl && !/^https?:\/\//.test(publicUrl)) throw new Failure('Set PUBLIC_URL: it must begin with http:// or https://.')
  if (databaseUrl) return { databaseUrl, publicUrl: publicUrl || undefined }
  const cluster = readCluster(dataDir || '.data')
  return { databaseUrl: cluster.postgres.url, publicUrl: publicUrl || cluster.url }
}

function readCluster (dataDir: string): ClusterState {
  const path = join(dataDir, 'cluster.json')
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ClusterState
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? `no embedded cluster runs in ${dataDir} (DATA_DIR)`
      : `${path} cannot be read`
    throw new Failure(`Set DATABASE_URL to the database that the nodes use: it is missing, and ${reason}.`)
  }
}

/** For messages: a URL without what is secret in it. */
export function hostOf (databaseUrl: string): string {
  return /^[^:]+:\/\/(?:.*@)?([^/?]+)/.exec(databaseUrl)?.[1] ?? 'DATABASE_URL'
}
