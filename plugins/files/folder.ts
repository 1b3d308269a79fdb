import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FileStore } from '../../domain/file-store.ts'

/** What was being written when a node died. */
const incoming = 'incoming'
const abandonedMs = 3_600_000

/** Files in a folder that all nodes share. Each is written under another name first, so that nobody sees half of it. */
export async function openFolder (root: string): Promise<FileStore> {
  await mkdir(join(root, incoming), { recursive: true })
  await removeAbandoned(join(root, incoming))

  return {
    async put (key, source) {
      const path = join(root, key)
      const unfinished = join(root, incoming, randomUUID())
      try {
        if ('path' in source) await copyFile(source.path, unfinished)
        else await writeFile(unfinished, source)
        await mkdir(dirname(path), { recursive: true })
        await rename(unfinished, path)
      } catch (error) {
        await rm(unfinished, { force: true })
        throw error
      }
    },

    async get (key) {
      try {
        const file = await open(join(root, key))
        const { size } = await file.stat()
        return { body: file.createReadStream(), size }
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },

    async delete (key) {
      await rm(join(root, key), { force: true })
    }
  }
}

async function removeAbandoned (folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    try {
      const { mtimeMs } = await stat(join(folder, name))
      if (mtimeMs < Date.now() - abandonedMs) await rm(join(folder, name), { force: true })
    } catch (error) {
      // Another node has just finished it, or removed it.
      if (!isMissing(error)) throw error
    }
  }
}

function isMissing (error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
