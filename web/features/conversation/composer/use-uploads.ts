import { useCallback, useEffect, useRef, useState } from 'react'
import type { Attachment } from '../../../../contract/index.ts'
import { ParleyError } from '../../../../sdk/index.ts'
import { toast } from '../../../ui/toasts.ts'
import { toSize } from '../text/size.ts'
import { rememberUpload } from './known-uploads.ts'

export interface Upload {
  readonly key: number
  readonly name: string
  readonly size: number
  /** A picture of it that is here already. */
  readonly preview: string | undefined
  readonly state: 'busy' | 'done' | 'failed'
  readonly attachment?: Attachment
  readonly error?: string
}

const mostFiles = 10
let lastKey = 0

/** The files that go with the next message: each is uploaded as soon as it is chosen. */
export function useUploads (upload: (file: File) => Promise<Attachment>) {
  const [uploads, setUploads] = useState<readonly Upload[]>([])
  const count = useRef(0)
  const previews = useRef(new Set<string>())
  useEffect(() => { count.current = uploads.length }, [uploads])
  useEffect(() => {
    const urls = previews.current
    return () => { for (const url of urls) URL.revokeObjectURL(url) }
  }, [])

  const change = useCallback((key: number, news: Partial<Upload>) => {
    setUploads((list) => list.map((one) => one.key === key ? { ...one, ...news } : one))
  }, [])

  const start = useCallback(async (key: number, file: File) => {
    try {
      const attachment = await upload(file)
      rememberUpload(attachment)
      change(key, { state: 'done', attachment })
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      change(key, { state: 'failed', error: explain(error, file) })
    }
  }, [upload, change])

  const add = useCallback((files: Iterable<File>) => {
    const all = [...files]
    const room = Math.max(0, mostFiles - count.current)
    if (all.length > room) toast(`A message takes ${mostFiles} files at most.`, { isError: true })
    const added = all.slice(0, room).map((file) => ({ file, upload: begin(file) }))
    for (const { upload: { preview } } of added) if (preview !== undefined) previews.current.add(preview)
    count.current += added.length
    setUploads((list) => [...list, ...added.map((one) => one.upload)])
    for (const one of added) void start(one.upload.key, one.file)
  }, [start])

  const remove = useCallback((key: number) => { setUploads((list) => list.filter((one) => one.key !== key)) }, [])
  const clear = useCallback(() => { setUploads([]) }, [])
  return { uploads, add, remove, clear }
}

function begin (file: File): Upload {
  const preview = /^image\/(png|jpeg|gif|webp|avif)$/.test(file.type) ? URL.createObjectURL(file) : undefined
  return { key: ++lastKey, name: file.name, size: file.size, preview, state: 'busy' }
}

function explain (error: ParleyError, { size }: File): string {
  if (error.code === 'request.too_large') return `With ${toSize(size)} it is larger than this server takes.`
  return error.message
}
