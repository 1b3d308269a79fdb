import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type {} from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ContractError, invalidField } from '../contract/index.ts'
import type { Received } from '../domain/attachments.ts'
import type { RequestTimeouts } from './request-timeouts.ts'
import { boundArrival } from './slow-requests.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Takes in the one file of a form, in a place of its own, with the longer time for it. */
    receiveUpload: (request: FastifyRequest, userId: string) => Promise<Received>
  }
}

/** Under way at once: on this node, and of one user on it. They are slow now and then, and cost little but a file. */
const mostUploads = 100
const mostOfUser = 20
const retryAfterMs = 1000

/** What a form is beside its file. */
const formBytes = 16 * 1024

/** Files on their way in: written to a temporary folder as they come, and counted. */
export const uploadsPlugin = fp<{ timeouts: RequestTimeouts }>(async (app, { timeouts }) => {
  const mostBytes = app.config.ATTACHMENT_BYTES
  const underWay = new Map<string, number>()
  let total = 0
  let folder: Promise<string> | undefined

  app.addHook('onClose', async () => {
    if (folder) await rm(await folder, { recursive: true, force: true })
  })

  function tooLarge (): ContractError {
    return new ContractError('request.too_large', { message: `A file may have ${Math.floor(mostBytes / 1024)} KB at most.` })
  }

  async function counted<T> (userId: string, work: () => Promise<T>): Promise<T> {
    const mine = underWay.get(userId) ?? 0
    if (mine >= mostOfUser) throw new ContractError('rate.limited', { retryAfterMs })
    if (total >= mostUploads) throw new ContractError('server.unavailable', { retryAfterMs })
    underWay.set(userId, mine + 1)
    total++
    try {
      return await work()
    } finally {
      total--
      const left = (underWay.get(userId) ?? 1) - 1
      if (left > 0) underWay.set(userId, left)
      else underWay.delete(userId)
    }
  }

  /** Says how much it was; leaves nothing behind when it fails. */
  async function write (file: Readable, path: string): Promise<number> {
    let size = 0
    try {
      await pipeline(file, async function * (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          size += chunk.byteLength
          if (size > mostBytes) throw tooLarge()
          yield chunk
        }
      }, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
      if (size === 0) throw invalidField('/file', 'is empty')
      return size
    } catch (error) {
      await rm(path, { force: true })
      throw toRefusal(error)
    }
  }

  app.decorate('receiveUpload', async (request: FastifyRequest, userId: string) => {
    if (Number(request.headers['content-length'] ?? 0) > mostBytes + formBytes) throw tooLarge()
    return await counted(userId, async () => {
      boundArrival(request.raw, timeouts.uploadMs)
      const part = await request.file().catch((error: unknown) => { throw toRefusal(error) })
      if (part?.fieldname !== 'file') throw invalidField('/file', 'is missing')
      // A part of type application/octet-stream is a file also without a name.
      const { filename = '' } = part as { filename?: string }
      const path = join(await (folder ??= mkdtemp(join(tmpdir(), 'parley-uploads-'))), randomUUID())
      const size = await write(part.file, path)
      // A form cannot hold a quotation mark there: browsers write it so.
      const name = filename.replaceAll('%22', '"')
      return { path, name, size, remove: () => rm(path, { force: true }) }
    })
  })
}, { name: 'uploads', dependencies: ['config'] })

/** What is wrong with a form has no code of its own; what is wrong with the disk names what was called. */
function toRefusal (error: unknown): unknown {
  if (error instanceof ContractError || (error instanceof Error && 'syscall' in error)) return error
  return new ContractError('request.invalid', { message: 'The form is not well-formed, or ended in the middle.', cause: error })
}
