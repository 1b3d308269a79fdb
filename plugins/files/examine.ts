import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { fileTypeFromFile } from 'file-type'
import { ContractError } from '../../contract/index.ts'
import type { Examined } from '../../domain/attachments.ts'
import { examinePicture } from './picture.ts'

/** What is taken, by what the bytes say. APNG is shown as the PNG that it is. */
const pictureTypes = new Map([
  ['image/png', 'image/png'], ['image/apng', 'image/png'], ['image/jpeg', 'image/jpeg'], ['image/gif', 'image/gif'],
  ['image/webp', 'image/webp'], ['image/avif', 'image/avif']
])
const otherTypes = new Set([
  'application/pdf', 'application/zip', 'video/mp4', 'video/webm', 'audio/mpeg', 'audio/ogg', 'video/ogg', 'application/ogg', 'audio/wav'
])
const zipBeginnings = new Set(['504b0304', '504b0506'])

/** What a file is, by its bytes alone. @throws `attachment.refused` */
export async function examine (path: string): Promise<Examined> {
  const type = await detectType(path)
  const picture = pictureTypes.get(type)
  if (picture) return { type: picture, ...await examinePicture(path) }
  const plain = { width: null, height: null, thumbnail: null }
  if (otherTypes.has(type)) return { type, ...plain }
  // HTML and SVG are such texts: to be read as they are written, never to be run.
  if (await isText(path)) return { type: 'text/plain', ...plain }
  throw new ContractError('attachment.refused')
}

async function detectType (path: string): Promise<string> {
  // Office documents and the like are zips: nobody needs to look into them.
  if (zipBeginnings.has(await readBeginning(path))) return 'application/zip'
  try {
    const found = await fileTypeFromFile(path)
    return found?.mime.replace(/;.*/, '') ?? ''
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw error
    // It begins like something, and ends in the middle of it.
    return ''
  }
}

async function readBeginning (path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return buffer.subarray(0, bytesRead).toString('hex')
  } finally {
    await file.close()
  }
}

/** UTF-8 from the first to the last byte, without NUL. */
async function isText (path: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
      if (chunk.includes(0)) return false
      decoder.decode(chunk, { stream: true })
    }
    decoder.decode()
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}
