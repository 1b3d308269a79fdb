import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ReplyError, type Redis } from 'ioredis'

export type Script = (keys: string[], values: Array<string | number>) => Promise<unknown>

/** A Lua file as a function: one atomic step. Redis keeps it by its hash, and gets the text again when it has forgotten it. */
export function loadScript (redis: Redis, file: URL): Script {
  const text = readFileSync(file, 'utf8')
  const hash = createHash('sha1').update(text).digest('hex')
  return async (keys, values) => {
    try {
      return await redis.evalsha(hash, keys.length, ...keys, ...values)
    } catch (error) {
      if (!(error instanceof ReplyError && (error as Error).message.startsWith('NOSCRIPT'))) throw error
      return await redis.eval(text, keys.length, ...keys, ...values)
    }
  }
}
