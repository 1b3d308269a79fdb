const lineEnd = Buffer.from('\r\n')

/**
 * Cuts a stream of Redis's protocol into whole replies, so that one of them can be left out without harm to the next.
 * Understands what a subscriber hears: RESP 2 and the nested parts of RESP 3.
 */
export class ReplySplitter {
  #rest: Buffer = Buffer.alloc(0)

  /** The replies that are whole now, each as the bytes that it came in. */
  push (chunk: Buffer): Buffer[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const replies: Buffer[] = []
    let start = 0
    for (;;) {
      const end = endOfReply(this.#rest, start)
      if (end === undefined) break
      replies.push(this.#rest.subarray(start, end))
      start = end
    }
    this.#rest = this.#rest.subarray(start)
    return replies
  }
}

/** Where the reply ends that starts here; undefined when not all of it is there. */
function endOfReply (bytes: Buffer, start: number): number | undefined {
  const eol = bytes.indexOf(lineEnd, start)
  if (eol === -1) return undefined
  const type = String.fromCharCode(bytes[start] ?? 0)
  const count = Number(bytes.toString('latin1', start + 1, eol))
  const next = eol + lineEnd.length
  if ('$!='.includes(type)) return count < 0 ? next : within(bytes, next + count + lineEnd.length)
  if (!'*~>%|'.includes(type)) return next
  let end: number | undefined = next
  const parts = '%|'.includes(type) ? 2 * count : count
  for (let part = 0; part < parts && end !== undefined; part++) end = endOfReply(bytes, end)
  return end
}

function within (bytes: Buffer, end: number): number | undefined {
  return end <= bytes.length ? end : undefined
}
