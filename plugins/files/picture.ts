import sharp, { type Metadata, type Sharp } from 'sharp'
import { ContractError } from '../../contract/index.ts'
import type { Examined } from '../../domain/attachments.ts'

/** More pixels than any camera that people carry around; about a quarter of a gigabyte while it is looked at. */
const mostPixels = 64_000_000
/** What takes more memory counts as so many times its pixels: an AVIF is decoded as a whole, by way of several copies. */
const avifWeight = 2.5
const deepWeight = 2
const thumbnailPixels = 640
const patienceSeconds = 10

// One thread for each picture, nothing kept of it afterwards, and no decoder but those that are needed.
sharp.concurrency(1)
sharp.cache(false)
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map((format) => `VipsForeignLoad${format}`) })

/**
 * How large a picture is, as it is to be shown; and a smaller one of it, which says nothing of where it was taken.
 *
 * @throws `attachment.refused` when it cannot be read, or has too many pixels.
 */
export async function examinePicture (path: string): Promise<Omit<Examined, 'type'>> {
  try {
    const picture = sharp(path, { limitInputPixels: mostPixels, failOn: 'error', sequentialRead: true })
    const { autoOrient: { width, height }, ...metadata } = await picture.metadata()
    if (width * height * weightOf(metadata) > mostPixels) throw new Error('It would take too much memory.')
    const isLarge = Math.max(width, height) > thumbnailPixels
    return { width, height, thumbnail: isLarge ? await shrink(picture) : null }
  } catch (error) {
    throw new ContractError('attachment.refused', {
      message: `This picture cannot be read, or is too large: it may have ${mostPixels / 1_000_000} million pixels, or fewer of a kind that takes more memory.`, cause: error
    })
  }
}

function weightOf ({ format, depth }: Pick<Metadata, 'format' | 'depth'>): number {
  return (format === 'heif' ? avifWeight : 1) * (depth === 'uchar' ? 1 : deepWeight)
}

async function shrink (picture: Sharp): Promise<Buffer> {
  return await picture
    .autoOrient()
    .resize({ width: thumbnailPixels, height: thumbnailPixels, fit: 'inside' })
    .webp({ quality: 80 })
    .timeout({ seconds: patienceSeconds })
    .toBuffer()
}
