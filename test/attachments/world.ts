import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import sharp, { type FormatEnum } from 'sharp'
import { calls, type Attachment, type ErrorBody, type Room } from '../../contract/index.ts'
import { checkFailure, compileCheck } from '../contract/checks.ts'
import type { Person } from '../helpers/person.ts'
import type { Ending } from '../helpers/stores.ts'

/** An empty folder, gone when the test ends. */
export async function makeFolder (t: Ending): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-test-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** The files in it, at any depth. */
export async function filesIn (folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

export interface UploadAnswer {
  status: number
  attachment: Attachment
  error: ErrorBody
}

const checkUploaded = compileCheck(calls.uploadAttachment.answers[201])

export const headersOf = (who: Person): Record<string, string> => ({ cookie: who.jar.header ?? '' })

/** Uploads a file as a browser does. Fails when the answer is not as the contract says. */
export async function upload (who: Person, room: Pick<Room, 'id'>, bytes: Uint8Array | string, name: string, type = ''): Promise<UploadAnswer> {
  const form = new FormData()
  form.append('file', new Blob([bytes], { type }), name)
  const response = await fetch(`${who.node.url}/api/rooms/${room.id}/attachments`, { method: 'POST', body: form, headers: headersOf(who) })
  const body = await response.json() as UploadAnswer
  const complaint = response.status === 201 ? checkUploaded(body) : checkFailure(body, response.status)
  if (complaint) throw new Error(complaint)
  return { ...body, status: response.status }
}

/** For the steps that a test takes for granted. */
export async function uploaded (who: Person, room: Pick<Room, 'id'>, bytes: Uint8Array | string = 'some words', name = 'notes.txt'): Promise<Attachment> {
  const { status, attachment, error } = await upload(who, room, bytes, name)
  if (status !== 201) throw new Error(`${who.username} should have uploaded ${name}: ${JSON.stringify(error)}`)
  return attachment
}

interface Download {
  status: number
  headers: Headers
  bytes: Buffer
  /** Of the failure, if it is one. */
  code: string | undefined
}

export async function download (who: Person, room: Pick<Room, 'id'>, { id }: { id: string }, { thumbnail = false, headers = {} } = {}): Promise<Download> {
  const url = `${who.node.url}/api/rooms/${room.id}/attachments/${id}${thumbnail ? '/thumbnail' : ''}`
  const response = await fetch(url, { headers: { ...headersOf(who), ...headers } })
  const bytes = Buffer.from(await response.arrayBuffer())
  if (response.status < 400) return { status: response.status, headers: response.headers, bytes, code: undefined }
  const body = JSON.parse(bytes.toString()) as { error: ErrorBody }
  const complaint = checkFailure(body, response.status)
  if (complaint) throw new Error(complaint)
  return { status: response.status, headers: response.headers, bytes, code: body.error.code }
}

interface Picture {
  format?: keyof FormatEnum | 'avif'
  width?: number
  height?: number
  /** As cameras write it: how the picture is to be turned. */
  orientation?: number
}

export async function makePicture ({ format = 'png', width = 40, height = 20, orientation }: Picture = {}): Promise<Buffer> {
  const picture = sharp({ create: { width, height, channels: 3, background: '#3a7' } }).toFormat(format)
  if (orientation === undefined) return await picture.toBuffer()
  return await picture.withMetadata({ orientation }).withExif({ IFD0: { Artist: 'alice' }, IFD3: { GPSLatitude: '51/1 30/1 0/1', GPSLatitudeRef: 'N' } }).toBuffer()
}

function chunk (type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

/** A few kilobytes that become a picture of 400 million pixels. */
export function makeBomb (pixels = 20_000, bits = 1): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(pixels, 0)
  head.writeUInt32BE(pixels, 4)
  // So many bits for each pixel, in grey.
  head[8] = bits
  const rows = deflateSync(Buffer.alloc((Math.ceil(pixels * bits / 8) + 1) * pixels))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))])
}
