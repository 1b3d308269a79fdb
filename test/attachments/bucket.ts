import { createRequire } from 'node:module'
import type { Ending } from '../helpers/stores.ts'
import { makeFolder } from './world.ts'

interface S3Server {
  run: () => Promise<{ port: number }>
  close: () => Promise<void>
}

interface S3Options {
  address: string
  port: number
  silent: boolean
  directory: string
  configureBuckets: Array<{ name: string }>
}

/** It comes without types. */
const S3rver = createRequire(import.meta.url)('s3rver') as new (options: S3Options) => S3Server

/** A server that speaks like S3, with one bucket, and the settings of nodes that use it. */
export async function startBucket (t: Ending) {
  const directory = await makeFolder(t)
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [{ name: 'parley' }] })
  const { port } = await server.run()
  let closed: Promise<void> | undefined
  const close = () => (closed ??= server.close())
  t.teardown(close)
  const settings = {
    FILES_S3_ENDPOINT: `http://127.0.0.1:${port}`,
    FILES_S3_BUCKET: 'parley',
    FILES_S3_ACCESS_KEY_ID: 'S3RVER',
    FILES_S3_SECRET_ACCESS_KEY: 'S3RVER'
  }
  return { directory, settings, close }
}
