import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'
import { promisify } from 'node:util'
import { createGate } from './gate.ts'

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

/** What one hash costs: 2^ln · r · 128 bytes of memory, and p times the work of filling it. */
interface Cost {
  ln: number
  r: number
  p: number
}

interface Hash {
  cost: Cost
  salt: Buffer
  key: Buffer
}

const standard: Cost = { ln: 15, r: 8, p: 3 }
const cheapest: Cost = { ln: 1, r: 1, p: 1 }
const keyBytes = 32

/** Node's thread pool has four threads, which files and names need too. */
const atOnce = 2
const waiting = 32

export interface Passwords {
  /** @param from where it is asked from, such as an address: these take turns. */
  hash: (password: string, from: string) => Promise<string>
  /**
   * Whether the password is the one that was hashed; null stands for an account that is not there and takes as long.
   * `renewed` is there when it matches and the hash is of another cost than one made today.
   */
  verify: (password: string, encoded: string | null, from: string) => Promise<{ matches: boolean, renewed?: string }>
}

export interface PasswordsOptions {
  /** For tests and load: the cheapest hash, and no queue to speak of. */
  relaxed: boolean
}

/** Passwords as scrypt hashes, computed on the thread pool, a few at once. */
export function createPasswords ({ relaxed }: PasswordsOptions): Passwords {
  const cost = relaxed ? cheapest : standard
  const pass = createGate({ atOnce, waiting: relaxed ? waiting * 1000 : waiting, retryAfterMs: 2000 })
  const nobodys: Hash = { cost, salt: randomBytes(16), key: randomBytes(keyBytes) }

  async function hash (password: string, from: string): Promise<string> {
    const salt = randomBytes(16)
    return encode({ cost, salt, key: await pass(from, () => compute(password, salt, cost)) })
  }

  return {
    hash,

    async verify (password, encoded, from) {
      const stored = encoded === null ? nobodys : decode(encoded)
      const key = await pass(from, () => compute(password, stored.salt, stored.cost))
      const matches = timingSafeEqual(key, stored.key)
      if (isSameCost(stored.cost, cost)) return { matches }
      // Whether it matches or not: else an old, cheaper hash would tell by its time that the account is there.
      const renewed = await hash(password, from)
      return matches ? { matches, renewed } : { matches }
    }
  }
}

function compute (password: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** ln
  return derive(password, salt, keyBytes, { N, r, p, maxmem: 256 * N * r + 128 * r * p + 4096 })
}

function isSameCost (one: Cost, other: Cost): boolean {
  return one.ln === other.ln && one.r === other.r && one.p === other.p
}

/** As the PHC string format has it: `$scrypt$ln=15,r=8,p=3$<salt>$<key>`. */
function encode ({ cost: { ln, r, p }, salt, key }: Hash): string {
  const [saltText, keyText] = [salt, key].map((bytes) => bytes.toString('base64').replaceAll('=', ''))
  return `$scrypt$ln=${ln},r=${r},p=${p}$${saltText}$${keyText}`
}

function decode (encoded: string): Hash {
  const [, ln, r, p, salt = '', key = ''] = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(encoded) ?? []
  const bytes = Buffer.from(key, 'base64')
  if (bytes.length !== keyBytes) throw new Error('A stored password hash cannot be read.')
  return { cost: { ln: Number(ln), r: Number(r), p: Number(p) }, salt: Buffer.from(salt, 'base64'), key: bytes }
}
