import { randomUUID } from 'node:crypto'
import fp from 'fastify-plugin'
import { Counter } from 'prom-client'
import { ContractError } from '../contract/index.ts'
import type { FileStore } from '../domain/file-store.ts'
import { ConfigError } from './config.ts'
import { openFolder } from './files/folder.ts'
import { toS3Settings } from './files/settings.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Null where no place for files is set up. */
    files: FileStore | null
  }
}

const retryAfterMs = 2000

/** The place for files: a bucket, or a folder. */
export const filesPlugin = fp(async (app) => {
  const s3 = toS3Settings(app.config)
  const { FILES_DIR } = app.config
  const failures = new Counter({
    name: 'parley_files_failed_total', help: 'What the place for files did not do, by what was asked of it.', labelNames: ['action'], registers: [app.metrics]
  })

  /** What the store does not do now it may do later. */
  function failing<Args extends unknown[], Result> (action: string, work: (...args: Args) => Promise<Result>): (...args: Args) => Promise<Result> {
    return async (...args) => {
      try {
        return await work(...args)
      } catch (error) {
        failures.inc({ action })
        app.log.error({ err: error, action, place: s3 ? s3.bucket : FILES_DIR }, 'the file store failed')
        throw new ContractError('server.unavailable', { cause: error, retryAfterMs })
      }
    }
  }

  async function open (): Promise<FileStore | null> {
    if (!s3) return FILES_DIR === undefined ? null : await openFolder(FILES_DIR).catch(refuseFolder)
    // Large, and needed by nobody else.
    const { openBucket } = await import('./files/s3.ts')
    const bucket = openBucket(s3, app.log)
    app.addHook('onClose', async () => { bucket.close() })
    return bucket
  }

  const store = await open()
  const files: FileStore | null = store && {
    put: failing('put', store.put), get: failing('get', store.get), delete: failing('delete', store.delete)
  }
  app.decorate('files', files)
  if (!files) return
  // Nobody waits for it: without files a node does everything else. What is wrong stands in the log before the first upload.
  app.addHook('onListen', () => {
    tryOut(files).catch(() => { app.log.error('files cannot be kept: uploads fail until that is mended') })
  })
}, { name: 'files', dependencies: ['config', 'metrics'] })

/** Needs what files of people need. */
async function tryOut (files: FileStore): Promise<void> {
  const key = `start/${randomUUID()}`
  await files.put(key, new TextEncoder().encode('A node of Parley has started.'), 'text/plain')
  await files.delete(key)
}

function refuseFolder (error: unknown): never {
  throw new ConfigError(`Parley cannot start. The folder for files cannot be used (${error instanceof Error ? error.message : String(error)}): let the node write there, or set FILES_DIR.`)
}
