import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { FastifyBaseLogger } from 'fastify'
import type { FileStore } from '../../domain/file-store.ts'

export interface S3Settings {
  endpoint: string | undefined
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
}

const connectMs = 3000
const answerMs = 30_000

/** Files in a bucket of S3, or of something that speaks like it. */
export function openBucket ({ endpoint, bucket, region, ...credentials }: S3Settings, log: FastifyBaseLogger): FileStore & { close: () => void } {
  const client = new S3Client({
    ...(endpoint !== undefined && { endpoint }),
    region,
    credentials,
    forcePathStyle: true,
    // Not every store that speaks like S3 knows the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Its own words go where ours go; of itself it writes to the console.
    logger: { debug: () => {}, info: () => {}, warn: (...words: unknown[]) => { log.debug(words.join(' ')) }, error: (...words: unknown[]) => { log.debug(words.join(' ')) } },
    requestHandler: { connectionTimeout: connectMs, requestTimeout: answerMs }
  })

  return {
    async put (key, source, type) {
      const [body, size] = 'path' in source ? [createReadStream(source.path), source.size] : [source, source.byteLength]
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentLength: size, ContentType: type }))
    },

    async get (key) {
      try {
        const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
        return { body: Body as Readable, size: ContentLength }
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined
        throw error
      }
    },

    async delete (key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
    },

    close: () => { client.destroy() }
  }
}
