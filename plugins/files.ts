import fp from 'fastify-plugin'
import { ContractError } from '../contract/index.ts'
import type { FileStore } from '../domain/file-store.ts'
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

  /** What the store does not do now it may do later. */
  function failing<Args extends unknown[], Result> (work: (...args: Args) => Promise<Result>): (...args: Args) => Promise<Result> {
    return async (...args) => {
      try {
        return await work(...args)
      } catch (error) {
        app.log.error({ err: error }, 'the file store failed')
        throw new ContractError('server.unavailable', { cause: error, retryAfterMs })
      }
    }
  }

  async function open (): Promise<FileStore | null> {
    if (!s3) return FILES_DIR === undefined ? null : await openFolder(FILES_DIR)
    // Large, and needed by nobody else.
    const { openBucket } = await import('./files/s3.ts')
    const bucket = openBucket(s3)
    app.addHook('onClose', async () => { bucket.close() })
    return bucket
  }

  const store = await open()
  const files: FileStore | null = store && { put: failing(store.put), get: failing(store.get), delete: failing(store.delete) }
  app.decorate('files', files)
}, { name: 'files', dependencies: ['config'] })
