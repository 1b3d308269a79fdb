import type { Readable } from 'node:stream'

/** Bytes, or a file of this machine with them. */
export type FileSource = Uint8Array | { path: string, size: number }

export interface StoredFile {
  body: Readable
  /** In bytes. */
  size: number
}

/** Where the bytes of attachments lie: the same for all nodes. */
export interface FileStore {
  /** A key that is there already gets the new bytes. Nobody sees half a file. */
  put: (key: string, source: FileSource, type: string) => Promise<void>
  /** Undefined when there is no such key. */
  get: (key: string) => Promise<StoredFile | undefined>
  /** What is not there is deleted already. */
  delete: (key: string) => Promise<void>
}
