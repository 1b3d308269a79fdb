import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** What must be remembered of a sign-in while the browser is away at the identity provider. */
export interface Flow {
  state: string
  nonce: string
  /** Of PKCE: proves that whoever brings the code is who began. */
  verifier: string
  returnTo: string
  /** The session that the identity shall be linked in; absent when somebody signs in. */
  link?: { userId: string, sessionId: string }
  /** In milliseconds since 1970. */
  expiresAt: number
}

const algorithm = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

/** Keeps a flow in the hands of its browser, which can neither read nor change it. The first secret seals, all open. */
export class FlowSeal {
  readonly #keys: Buffer[]

  constructor (secrets: string[]) {
    this.#keys = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', 'parley oidc flow', 32)))
  }

  /** In letters that a cookie takes. */
  seal (flow: Flow): string {
    const [key] = this.#keys
    if (!key) throw new Error('There is no secret to seal with.')
    const iv = randomBytes(ivBytes)
    const cipher = createCipheriv(algorithm, key, iv)
    const text = Buffer.concat([cipher.update(JSON.stringify(flow), 'utf8'), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')
  }

  /** Null when it was not sealed by one of the secrets. */
  open (sealed: string): Flow | null {
    const bytes = Buffer.from(sealed, 'base64url')
    if (bytes.length <= ivBytes + tagBytes) return null
    for (const key of this.#keys) {
      const text = decrypt(key, bytes)
      if (text !== null) return JSON.parse(text) as Flow
    }
    return null
  }
}

function decrypt (key: Buffer, bytes: Buffer): string | null {
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
  decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8')
  } catch {
    // Sealed with another key, or changed since: both look alike.
    return null
  }
}
