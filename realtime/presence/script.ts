import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** What a script needs of a client: a single Redis has it, and a cluster. */
export interface ScriptClient {
  evalsha: (sha: string, keyCount: number, ...values: Array<string | number>) => Promise<unknown>
  eval: (text: string, keyCount: number, ...values: Array<string | number>) => Promise<unknown>
}

export type Script = (client: ScriptClient, keys: string[], values: Array<string | number>) => Promise<unknown>

function read (name: string): string {
  return readFileSync(new URL(`lua/${name}.lua`, import.meta.url), 'utf8')
}

const shared = read('shared')

/** A Lua file of this folder. Redis is sent its hash, and the text only when it does not know it: after a restart, say. */
export function loadScript (name: string): Script {
  const text = `${shared}\n${read(name)}`
  const sha = createHash('sha1').update(text).digest('hex')
  return async (client, keys, values) => {
    try {
      return await client.evalsha(sha, keys.length, ...keys, ...values)
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return await client.eval(text, keys.length, ...keys, ...values)
    }
  }
}
