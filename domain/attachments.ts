import { randomUUID } from 'node:crypto'
import { ContractError, type Attachment } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import {
  claimAttachments, deleteUnshown, dropForgotten, findAttachment, insertAttachment, listUnshown, releaseAttachments, type Claim, type SweptAttachment
} from '../db/queries/attachments.ts'
import { createAccess, requireMember } from './access.ts'
import type { Actor } from './actor.ts'
import type { FileStore, StoredFile } from './file-store.ts'
import { createGate } from './gate.ts'

/** A file that has arrived, on this machine. */
export interface Received {
  path: string
  /** As its sender calls it. */
  name: string
  size: number
  remove: () => Promise<void>
}

/** What a file's bytes say. */
export interface Examined {
  type: string
  width: number | null
  height: number | null
  /** A smaller picture (WebP), of one that is large. */
  thumbnail: Uint8Array | null
}

export interface AttachmentsDeps {
  sql: Sql
  /** Null where no place for files is set up. */
  files: FileStore | null
  /** @throws `attachment.refused` */
  examine: (path: string) => Promise<Examined>
  /** Counts an upload. @throws `rate.limited` */
  countUpload: (userId: string) => Promise<void>
}

/** Pictures take memory and a processor while they are looked at. */
const examining = { atOnce: 2, waiting: 200, retryAfterMs: 2000 }
const sweptAtOnce = 50
const longestName = 200

/** Keys begin with two characters of the id: a folder does not get too full. */
const keyOf = (id: string): string => `${id.slice(0, 2)}/${id}`
const thumbnailKeyOf = (id: string): string => `${keyOf(id)}-thumbnail`

/** Files in rooms: uploaded first, then shown by a message. */
export function createAttachments ({ sql, files, examine, countUpload }: AttachmentsDeps) {
  const access = createAccess({ sql })
  const inTurn = createGate(examining)

  function requireFiles (): FileStore {
    if (files) return files
    throw new ContractError('feature.disabled', { message: 'This server has no place for files; its operator can set FILES_DIR or a bucket.' })
  }

  async function store (file: Received, attachment: Attachment, thumbnail: Uint8Array | null): Promise<void> {
    const { id, type } = attachment
    await requireFiles().put(keyOf(id), file, type)
    if (thumbnail) await requireFiles().put(thumbnailKeyOf(id), thumbnail, 'image/webp')
  }

  async function deleteFiles ({ id, hasThumbnail }: SweptAttachment): Promise<string> {
    await requireFiles().delete(keyOf(id))
    if (hasThumbnail) await requireFiles().delete(thumbnailKeyOf(id))
    return id
  }

  /** What cannot be removed waits, and does not hold up the others. */
  async function sweepSome (): Promise<boolean> {
    const swept = await listUnshown(sql, sweptAtOnce)
    if (swept.length === 0) return false
    const outcomes = await Promise.allSettled(swept.map(deleteFiles))
    await deleteUnshown(sql, outcomes.flatMap((outcome) => outcome.status === 'fulfilled' ? [outcome.value] : []))
    const failure = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failure) throw failure.reason
    return swept.length === sweptAtOnce
  }

  return {
    /**
     * Takes a file in. It is noted down before it is stored: whatever fails after that is swept.
     *
     * @param receive is called once it is known that the actor may upload.
     */
    async upload (actor: Actor, roomId: string, receive: () => Promise<Received>): Promise<Attachment> {
      await access.requireSpeaker(actor, roomId)
      requireFiles()
      await countUpload(actor.userId)
      const file = await receive()
      try {
        const { thumbnail, ...found } = await inTurn(actor.userId, () => examine(file.path))
        const attachment = { id: randomUUID(), name: toName(file.name), size: file.size, ...found, hasThumbnail: thumbnail !== null }
        if (!await insertAttachment(sql, roomId, actor.userId, attachment)) {
          await access.requireSpeaker(actor, roomId)
          throw new ContractError('server.unavailable', { retryAfterMs: 200 })
        }
        await store(file, attachment, thumbnail)
        return attachment
      } finally {
        await file.remove()
      }
    },

    /** An attachment that the actor may see. @throws `room.not_found`, `attachment.not_found` */
    async find (actor: Actor, roomId: string, id: string): Promise<Attachment> {
      await requireMember(sql, roomId, actor.userId)
      requireFiles()
      const attachment = await findAttachment(sql, roomId, id, actor.userId)
      if (!attachment) throw new ContractError('attachment.not_found')
      return attachment
    },

    /** What is in it, or in its thumbnail. */
    async open ({ id, hasThumbnail }: Attachment, { thumbnail }: { thumbnail: boolean }): Promise<StoredFile> {
      const file = thumbnail && !hasThumbnail ? undefined : await requireFiles().get(thumbnail ? thumbnailKeyOf(id) : keyOf(id))
      if (!file) throw new ContractError('attachment.not_found')
      return file
    },

    /** Gives uploads to a message that is about to be appended: in their order, or none of them. */
    async claim (claim: Claim): Promise<Attachment[] | undefined> {
      const claimed = new Map((await claimAttachments(sql, claim)).map((attachment) => [attachment.id, attachment]))
      return claimed.size === 0 ? undefined : claim.attachmentIds.map((id) => claimed.get(id) as Attachment)
    },

    /** Takes them back from a message that was refused. */
    release (claim: Omit<Claim, 'attachmentIds'>): Promise<void> {
      return releaseAttachments(sql, claim)
    },

    /** Removes files that no message shows. Several nodes at it at once do no harm. */
    async sweep (): Promise<void> {
      if (!files) return
      let hasMore = true
      while (hasMore) hasMore = await sweepSome()
    },

    dropForgotten: (): Promise<void> => dropForgotten(sql, 1000)
  }
}

export type Attachments = ReturnType<typeof createAttachments>

/** A name as people read it: no path, no control characters, not too long. */
function toName (name: string): string {
  const plain = name.toWellFormed().replace(/^.*[/\\]/s, '').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim()
  return [...plain].slice(0, longestName).join('') || 'file'
}
